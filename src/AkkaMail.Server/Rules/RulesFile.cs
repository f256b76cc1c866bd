using System.Collections.Immutable;
using System.Security.Cryptography;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Rules;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Rules;

/// <summary>A file that was not taken: the rules before it still hold.</summary>
public sealed record RefusedRules(DateTimeOffset At, ImmutableArray<RuleFault> Faults);

/// <summary>What holds now, since when, and what was refused after it.</summary>
public sealed record RulesState<T>(T Rules, bool IsFromFile, DateTimeOffset LoadedAt, RefusedRules? Refused);

/// <summary>A file with rules that an operator edits while the server runs.</summary>
public abstract class RulesFile(string path)
{
    public string Path => path;

    /// <summary>Reads the file when it is not as it was. One caller at a time.</summary>
    public abstract void Look();

    /// <summary>The text that holds, the last of these, behind the shipped one below it.</summary>
    public abstract ImmutableArray<RulesText> Texts { get; }

    /// <summary>
    /// Keeps what holds now, and from then on every text before its rules hold: an event may name its version at once.
    /// </summary>
    public abstract void KeepBy(KeepRules keep);
}

/// <summary>
/// Stores <see cref="RulesFile.Texts"/> for ever; a <see cref="StoreException"/>: they are not, and must not hold.
/// </summary>
public delegate void KeepRules(ImmutableArray<RulesText> texts);

/// <summary>
/// A faulty file ends the start; later it is refused and the rules stay, for mail must go on while somebody types.
/// <paramref name="name"/> is what it is called in a message.
/// </summary>
public abstract class RulesFile<T>(
    string path, string name, T shipped, RulesText shippedText, TimeProvider time, ILogger log)
    : RulesFile(path) where T : class
{
    private ImmutableArray<Action<T>> _subscribers = [];
    private (bool Exists, DateTime Written, long Length) _stamp;
    private byte[] _hash = [];
    private bool _hasStarted;
    private volatile RulesState<T> _state = new(shipped, false, time.GetUtcNow(), null);
    private volatile RulesText? _own;
    private KeepRules _keep = _ => { };

    public RulesState<T> State => _state;
    public T Current => _state.Rules;

    public override ImmutableArray<RulesText> Texts => _own is { } own ? [shippedText, own] : [shippedText];

    public override void KeepBy(KeepRules keep)
    {
        keep(Texts);
        _keep = keep;
    }

    /// <summary>Either rules and warnings, or faults.</summary>
    protected abstract (T? Rules, ImmutableArray<RuleFault> Faults) Read(byte[] bytes, string fileName);

    protected abstract string Version(T rules);

    /// <summary>Calls <paramref name="changed"/> after each change until disposed, not for what holds now.</summary>
    public IDisposable Subscribe(Action<T> changed)
    {
        ImmutableInterlocked.Update(ref _subscribers, all => all.Add(changed));
        return new Subscription(() => ImmutableInterlocked.Update(ref _subscribers, all => all.Remove(changed)));
    }

    /// <summary>Before anything is opened: a <see cref="StartException"/> has a line for each fault.</summary>
    protected void LookAtStart()
    {
        try { Look(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The {name} {Path} cannot be read: {e.Message}");
        }
        _hasStarted = true;
        if (_state.Refused is { } refused)
            throw new StartException(string.Join('\n', refused.Faults.Select(f => $"{Path}:{f.Line} {f}")));
    }

    public override void Look()
    {
        var stamp = Stamp();
        if (stamp == _stamp) return;
        if (!stamp.Exists)
        {
            // Editors take the old file away before the new one is there; rules must not come and go with that.
            log.LogWarning("{File} is gone: the rules {Version} stay until it is back", Path, Version(Current));
            _stamp = stamp;
            return;
        }
        var bytes = File.ReadAllBytes(Path);
        var hash = SHA256.HashData(bytes);
        _stamp = stamp;   // Of before the reading: what was written meanwhile is seen at the next look.
        if (hash.AsSpan().SequenceEqual(_hash)) return;
        _hash = hash;
        Take(bytes, Read(bytes, System.IO.Path.GetFileName(Path)));
    }

    private void Take(byte[] bytes, (T? Rules, ImmutableArray<RuleFault> Faults) reading)
    {
        var now = time.GetUtcNow();
        if (reading.Rules is { } rules)
        {
            var isSame = Version(rules) == Version(Current);
            var text = RulesText.Of(shippedText.Kind, Version(rules), shippedText.Version, bytes);
            if (!isSame && !Keep(text, now)) return;
            _state = new(rules, true, isSame ? _state.LoadedAt : now, null);
            foreach (var warning in reading.Faults)
                log.LogWarning("{File}:{Line} {Warning}", Path, warning.Line, warning);
            if (_hasStarted) log.LogInformation("{File} is read, its version is {Version}", Path, Version(rules));
            foreach (var changed in _subscribers) changed(rules);
            return;
        }
        _state = _state with { Refused = new(now, reading.Faults) };
        var (first, more) = (reading.Faults[0], reading.Faults.Length - 1);
        if (_hasStarted)   // Before, the exception says it.
            log.LogError("{File}:{Line} {Fault}{More}: refused, the rules {Version} stay", Path, first.Line, first,
                more > 0 ? $" (and {more} more)" : "", Version(Current));
    }

    /// <summary>Before its rules hold; false: they do not, and the file is read again at the next look.</summary>
    private bool Keep(RulesText text, DateTimeOffset now)
    {
        try { _keep([shippedText, text]); }
        catch (StoreException e)
        {
            (_stamp, _hash) = (default, []);
            var fault = new RuleFault(0, "", $"its text cannot be kept: {e.Message}");
            if (_state.Refused?.Faults.Contains(fault) != true)
                log.LogError("{File} {Fault}; the rules {Version} stay until it can be", Path, fault, Version(Current));
            _state = _state with { Refused = new(now, [fault]) };
            return false;
        }
        _own = text;
        return true;
    }

    private (bool Exists, DateTime Written, long Length) Stamp()
    {
        var info = new FileInfo(Path);
        return info.Exists ? (true, info.LastWriteTimeUtc, info.Length) : default;
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
