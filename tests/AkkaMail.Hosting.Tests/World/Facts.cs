using System.Collections.Immutable;

namespace AkkaMail.Hosting.Tests.World;

/// <summary>What has happened so far, in order; a test waits until it is enough.</summary>
public sealed class Facts<T>
{
    /// <summary>Far beyond what any test needs: it is reached only by one that fails.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private ImmutableList<T> _all = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableList<T> All
    {
        get { lock (_gate) return _all; }
    }

    public void Add(params IEnumerable<T> facts)
    {
        lock (_gate)
        {
            _all = _all.AddRange(facts);
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task<ImmutableList<T>> Until(Func<ImmutableList<T>, bool> enough)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            ImmutableList<T> all;
            Task more;
            lock (_gate) (all, more) = (_all, _more.Task);
            if (enough(all)) return all;
            try { await more.WaitAsync(limit.Token); }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not enough after {Limit}; so far {all.Count}:\n{string.Join("\n", all)}");
            }
        }
    }
}
