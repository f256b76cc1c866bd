using System.Globalization;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tests.Ids;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-05-01T12:00:00Z", "2026-05-01T12:00:00.0000000")]
    [InlineData("2026-05-01t12:00:00z", "2026-05-01T12:00:00.0000000")]
    [InlineData("2026-05-01 12:00:00Z", "2026-05-01T12:00:00.0000000")]        // §5.6: for readability.
    [InlineData("2026-05-01T12:00:00.1Z", "2026-05-01T12:00:00.1000000")]
    [InlineData("2026-05-01T12:00:00.1234567Z", "2026-05-01T12:00:00.1234567")]
    [InlineData("2026-05-01T12:00:00.123456789Z", "2026-05-01T12:00:00.1234567")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]   // The last there is.
    [InlineData("2026-05-01T12:00:00.99999999999999999999999999Z", "2026-05-01T12:00:00.9999999")]
    [InlineData("2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00.0000000")]
    [InlineData("2026-05-01T12:00:00.5-00:00", "2026-05-01T12:00:00.5000000")] // §4.3: the zone is not known.
    [InlineData("2026-05-01T12:00:00-23:59", "2026-05-02T11:59:00.0000000")]
    [InlineData("1990-12-31T23:59:60Z", "1991-01-01T00:00:00.0000000")]        // §5.8, a leap second.
    [InlineData("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.0000000")]
    [InlineData("2026-06-30T23:59:60.25Z", "2026-07-01T00:00:00.2500000")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    public void Every_form_is_one_time_in_UTC(string text, string utc)
    {
        Assert.True(Rfc3339.TryParse(text, out var time));
        Assert.Equal((utc, TimeSpan.Zero),
            (time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture), time.Offset));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-05-01")]
    [InlineData("2026-05-01T12:00Z")]
    [InlineData("2026-05-01T12:00:00")]
    [InlineData("2026-05-01T12:00:00.Z")]
    [InlineData("2026-05-01T12:00:00.5")]
    [InlineData("2026-05-01T12:00:00,5Z")]
    [InlineData("2026-05-01T12:00:00+0200")]
    [InlineData("2026-05-01T12:00:00+24:00")]
    [InlineData("2026-05-01T12:00:00+02:60")]
    [InlineData("2026-05-01T12:00:00ZZ")]
    [InlineData("2026-05-01T12:00:00Z ")]
    [InlineData("2026-05-01T24:00:00Z")]
    [InlineData("2026-05-01T12:60:00Z")]
    [InlineData("2026-05-01T12:00:60Z")]            // No leap second is at noon.
    [InlineData("2026-05-30T23:59:60Z")]            // Nor before the end of a month.
    [InlineData("2026-05-01T12:00:61Z")]
    [InlineData("2025-02-29T12:00:00Z")]
    [InlineData("2026-13-01T12:00:00Z")]
    [InlineData("0000-01-01T12:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]       // Before the first second there is.
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("+026-05-01T12:00:00Z")]
    [InlineData("2026-05-01T12:00:0٣Z")]
    public void What_is_none_is_none(string text) => Assert.False(Rfc3339.TryParse(text, out _));
}
