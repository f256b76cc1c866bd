using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using Xunit;

namespace AkkaMail.Core.Tests.Ids;

public class WordsTests
{
    [Fact]
    public void A_number_that_a_newer_program_has_stored_is_unknown()
    {
        Assert.Equal("warm_up", HeldBy.WarmUp.ToWord());
        Assert.Equal("unknown", ((HeldBy)200).ToWord());
        Assert.Null(Words.Parse<HeldBy>("unknown"));
    }
}
