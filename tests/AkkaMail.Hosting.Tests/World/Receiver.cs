using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Hosting.Tests.World;

/// <summary>Stands where foreign servers stand: every mail is accepted, and hangs while the door is closed.</summary>
public sealed class Receiver
{
    private TaskCompletionSource _door = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Receiver() => Open();

    public Facts<AttemptId> Begun { get; } = new();

    public void Close() => _door = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _door.TrySetResult();

    public async Task<Attempt> Deliver(DueMessage message, Route route, CancellationToken cancel)
    {
        var door = _door.Task;
        Begun.Add(message.Attempt);
        await door.WaitAsync(cancel);
        return new Attempt(message.Attempt, message.Domain, SmtpReply.Parse(250, "2.0.0 ok"), AttemptEnd.Answered, "mx",
            null, SmtpStep.Dot, null, default, default).JudgedBy(BounceRulesReader.Shipped);
    }
}
