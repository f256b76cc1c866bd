using AkkaMail.Core.Mail;
using AkkaMail.Server.Refusals;
using Microsoft.AspNetCore.Http;

namespace AkkaMail.Server.Tests.Refusals;

/// <summary>What escapes a use case, as a word for all doors.</summary>
public sealed class FaultsTests
{
    public static TheoryData<Exception, RefusalCode> All => new()
    {
        { new StoreException("The content store", "database is locked"), RefusalCode.Unavailable },
        { new UnavailableException("The ledger does not answer."), RefusalCode.Unavailable },
        { new BadHttpRequestException("too large", 413), RefusalCode.TooLarge },
        { new BadHttpRequestException("no chunk"), RefusalCode.Malformed },
        { new InvalidOperationException("a secret of ours"), RefusalCode.Internal },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void A_fault_is_not_now_the_askers_or_a_bug(Exception fault, RefusalCode code) =>
        Assert.Equal(code, Faults.RefusalOf(fault).Code);

    [Fact]
    public void A_bug_says_nothing_of_itself_to_who_asked() => Assert.DoesNotContain(
        "secret", Faults.RefusalOf(new InvalidOperationException("a secret of ours")).ToString(), StringComparison.Ordinal);
}
