using Akka.Actor;
using AkkaMail.Core.Alerts;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Engine.Tests.Messages;

/// <summary>The waker tells the alerts of ledgers that do not answer. Time is moved.</summary>
public sealed class WakerAlertTests() : Kit(movesTime: true)
{
    [Fact]
    public async Task A_ledger_that_stays_silent_is_told_of_until_it_answers_and_those_that_answer_once()
    {
        var (ledgers, alerts, time) = (CreateTestProbe(), CreateTestProbe(), new FakeTimeProvider());
        var waker = Sys.ActorOf(WakerActor.Props(ledgers, 3, TimeSpan.FromSeconds(1), alerts: alerts, time: time));

        var first = await After(11, answering: [0, 1]);
        Assert.Equal([("0", 0d), ("1", 0d)], first.Take(2));   // An earlier waker may have left them open.
        Assert.Equal("2", first[2].Item1);
        Assert.InRange(first[2].Item2, 10, 11);
        var second = Assert.Single(await After(11, answering: [0, 1]));
        Assert.InRange(second.Item2, 20, 22);
        Assert.Equal([("2", 0d)], await After(11, answering: [0, 1, 2]));
        await After(11, answering: [0, 1, 2], isTold: false);

        async Task<List<(string, double)>> After(int seconds, int[] answering, bool isTold = true)
        {
            for (var i = 0; i < 4 * seconds; i++)
            {
                foreach (var ledger in answering) waker.Tell(new Awake(ledger));
                await waker.Ask<AllAwake>(AskAllAwake.Instance);
                time.Advance(TimeSpan.FromMilliseconds(250));
                Clock.Advance(TimeSpan.FromMilliseconds(250));
                await waker.Ask<AllAwake>(AskAllAwake.Instance);
            }
            if (isTold)
                return [.. (await alerts.ExpectMsgAsync<ReadFigures>()).Readings
                    .Select(r => { Assert.Equal((AlertRule.Silence, AlertKind.Ledger), (r.Rule, r.Subject.Kind)); return (r.Subject.Name, r.Value); })];
            await alerts.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
            return [];
        }
    }
}
