namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// How long a client may still take. The time of a turn runs from our last reply, so a client that sends an octet now
/// and then (slowloris) wins nothing by it.
/// </summary>
internal sealed class Patience(ReceiverOptions options, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private long _turnBegan = time.GetTimestamp();

    /// <summary>It was answered: now it is the client's turn.</summary>
    public void Answered() => _turnBegan = time.GetTimestamp();

    /// <summary>For the next octet to come; zero or less: it is over.</summary>
    public TimeSpan Left(bool isInData)
    {
        var turn = time.GetElapsedTime(_turnBegan);
        if (!isInData) return Shorter(options.CommandTime - turn, options.SessionTime - time.GetElapsedTime(_began));
        return Shorter(options.DataTime - turn, options.Idle);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
