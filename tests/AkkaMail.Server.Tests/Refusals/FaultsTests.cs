using AkkaMail.Core.Mail;
using AkkaMail.Server.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Server.Tests.Refusals;

/// <summary>What escapes a use case, as a word for all doors.</summary>
public sealed class FaultsTests
{
    public static TheoryData<Exception, RefusalCode> All => new()
    {
        { new StoreException("The content store", "database is locked"), RefusalCode.Unavailable },
        { new UnavailableException("The ledger does not answer."), RefusalCode.Unavailable },
        { new IOException("No space left on device", 28), RefusalCode.Unavailable },
        { new IOException("The client reset the request stream."), RefusalCode.Internal },
        { new BadHttpRequestException("too large", 413), RefusalCode.TooLarge },
        { new BadHttpRequestException("no chunk"), RefusalCode.Malformed },
        { new InvalidOperationException("a secret of ours"), RefusalCode.Internal },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void A_fault_is_not_now_the_askers_or_a_bug(Exception fault, RefusalCode code) =>
        Assert.Equal(code, Faults.RefusalOf(fault).Code);

    /// <summary>Who is refused may come a thousand times a second.</summary>
    [Fact]
    public void Too_much_load_is_no_line_in_the_log_and_a_store_that_fails_is_one_a_minute()
    {
        var (log, time) = (new Lines(), new FakeTimeProvider());
        var faults = new FaultLog(log, time);
        void Many(Exception fault)
        {
            for (var i = 0; i < 1_000; i++) faults.Note(Faults.RefusalOf(fault), fault);
        }

        Many(new UnavailableException("As many large requests are being read as this server has memory for."));
        Many(new BadHttpRequestException("no chunk"));
        Assert.Empty(log.Said);

        Many(new StoreException("The content store", "database is locked"));
        Assert.Contains("The content store: no answer (database is locked)", Assert.Single(log.Said), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMinutes(1));
        Many(new StoreException("The content store", "database is locked"));
        Assert.Equal(2, log.Said.Count);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add(formatter(state, exception));
    }

    [Fact]
    public void A_bug_says_nothing_of_itself_to_who_asked() => Assert.DoesNotContain(
        "secret", Faults.RefusalOf(new InvalidOperationException("a secret of ours")).ToString(), StringComparison.Ordinal);
}
