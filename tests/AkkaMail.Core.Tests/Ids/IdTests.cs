using AkkaMail.Core.Ids;
using CsCheck;

namespace AkkaMail.Core.Tests.Ids;

public class IdTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_reads_back_what_it_wrote() =>
        Gen.Select(Gen.Int[0, 1023], Gen.ULong, Gen.Int[0, 999]).Sample((partition, chance, index) =>
        {
            var id = new MessageId(SubmissionId.Create(partition, Noon, chance), index);

            Assert.True(MessageId.TryParse(id.ToString(), out var read));
            Assert.Equal(id, read);
            Assert.Equal(partition, read.Submission.Partition);
            Assert.Equal(Noon, read.Submission.CreatedAt);
            Assert.Equal(Uri.EscapeDataString(id.ToString()), id.ToString());
        });

    /// <summary>RFC 9562 §4: who keeps it in a column of that type has validators that look at these six bits.</summary>
    [Fact]
    public void An_id_is_a_uuid_of_version_8_too() =>
        Gen.Select(Gen.Int[0, 1023], Gen.ULong, Gen.Int[0, 1_000]).Sample((partition, chance, place) =>
        {
            var id = SubmissionId.Create(partition, Noon, chance).Next(place);

            var uuid = new Guid(new Hash128(id.High, id.Low).ToBytes(), bigEndian: true);

            Assert.Equal((8, 0b10), (uuid.Version, uuid.Variant >> 2));
            Assert.Equal((partition, Noon), (id.Partition, id.CreatedAt));
        });

    [Fact]
    public void Ids_that_follow_each_other_differ_also_where_chance_is_at_its_end()
    {
        var first = SubmissionId.Create(1023, Noon, ulong.MaxValue);

        var ids = Enumerable.Range(0, 100).Select(first.Next).ToHashSet();

        Assert.Equal(100, ids.Count);
        Assert.All(ids, id => Assert.Equal(1023, id.Partition));
    }

    [Fact]
    public void There_are_1024_ledgers_at_most() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SubmissionId.Create(1024, Noon, 0));

    [Fact]
    public void Later_ids_sort_later_as_text_too() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[1, 100_000]).Sample((a, b, ms) =>
            Assert.True(string.CompareOrdinal(
                SubmissionId.Create(3, Noon, a).ToString(),
                SubmissionId.Create(1, Noon.AddMilliseconds(ms), b).ToString()) < 0));

    [Theory]
    [InlineData("")]
    [InlineData("01kdwvze1r000g0000000000")]
    [InlineData("81kdwvze1r000g000000000000-0")]     // 131 bits
    [InlineData("01kdwvze1r000g00000000000i-0")]     // i is no digit
    [InlineData("01kdwvze1r000g000000000000-")]
    [InlineData("01kdwvze1r000g000000000000--1")]
    [InlineData("01kdwvze1r000g000000000000-99999999999")]
    [InlineData("01kdwvze1r000g000000000000_0")]
    public void What_is_no_id_is_refused(string text) => Assert.False(MessageId.TryParse(text, out _));

    [Fact]
    public void Any_text_is_parsed_or_refused() => Gen.String.Sample(text => { MessageId.TryParse(text, out _); });
}
