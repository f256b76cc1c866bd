using System.Collections.Immutable;
using System.Security.Cryptography;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Composition;

/// <summary>A file that was not taken: the rules before it still hold.</summary>
public sealed record RefusedShaping(DateTimeOffset At, ImmutableArray<ShapingFault> Faults);

/// <summary>What holds now, since when, and what was refused after it.</summary>
public sealed record ShapingState(ShapingRules Rules, bool IsFromFile, DateTimeOffset LoadedAt, RefusedShaping? Refused);

/// <summary>
/// The shaping file of this installation. A faulty one ends the start; later it is refused and the rules stay, for mail
/// must go on while somebody types.
/// </summary>
public sealed class ShapingFile(string path, TimeProvider time, ILogger<ShapingFile> log)
{
    private ImmutableArray<Action<ShapingRules>> _subscribers = [];
    private (bool Exists, DateTime Written, long Length) _stamp;
    private byte[] _hash = [];
    private bool _hasStarted;
    private volatile ShapingState _state = new(ShapingReader.Shipped, false, time.GetUtcNow(), null);

    public string Path => path;
    public ShapingState State => _state;
    public ShapingRules Current => _state.Rules;

    /// <summary>Calls <paramref name="changed"/> after each change, not for what holds already, until disposed.</summary>
    public IDisposable Subscribe(Action<ShapingRules> changed)
    {
        ImmutableInterlocked.Update(ref _subscribers, all => all.Add(changed));
        return new Subscription(() => ImmutableInterlocked.Update(ref _subscribers, all => all.Remove(changed)));
    }

    /// <summary>Before anything is opened: a <see cref="StartException"/> has a line for each fault.</summary>
    public ShapingFile ReadAtStart()
    {
        try { Look(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The shaping file {path} cannot be read: {e.Message}");
        }
        _hasStarted = true;
        return _state.Refused is { } refused
            ? throw new StartException(string.Join('\n', refused.Faults.Select(f => $"{path}:{f.Line} {f}"))) : this;
    }

    /// <summary>Reads the file when it is not as it was. One caller at a time.</summary>
    public void Look()
    {
        var stamp = Stamp();
        if (stamp == _stamp) return;
        if (!stamp.Exists)
        {
            // Editors take the old file away before the new one is there; rules must not come and go with that.
            log.LogWarning("{File} is gone: the rules {Version} stay until it is back", path, Current.Version);
            _stamp = stamp;
            return;
        }
        var bytes = File.ReadAllBytes(path);
        var hash = SHA256.HashData(bytes);
        _stamp = stamp;   // Of before the reading: what was written meanwhile is seen at the next look.
        if (hash.AsSpan().SequenceEqual(_hash)) return;
        _hash = hash;
        Take(ShapingReader.Read(bytes, System.IO.Path.GetFileName(path)));
    }

    private void Take(ShapingReading reading)
    {
        var now = time.GetUtcNow();
        switch (reading)
        {
            case ShapingReading.Good good:
                var isSame = good.Rules.Version == Current.Version;
                _state = new(good.Rules, true, isSame ? _state.LoadedAt : now, null);
                foreach (var warning in good.Warnings)
                    log.LogWarning("{File}:{Line} {Warning}", path, warning.Line, warning);
                if (_hasStarted) log.LogInformation("{File} is read, its version is {Version}", path, good.Rules.Version);
                foreach (var changed in _subscribers) changed(good.Rules);
                break;
            case ShapingReading.Faulty faulty:
                _state = _state with { Refused = new(now, faulty.Faults) };
                var (first, more) = (faulty.Faults[0], faulty.Faults.Length - 1);
                if (_hasStarted)   // Before, the exception says it.
                    log.LogError("{File}:{Line} {Fault}{More}: refused, the rules {Version} stay", path, first.Line,
                        first, more > 0 ? $" (and {more} more)" : "", Current.Version);
                break;
        }
    }

    private (bool Exists, DateTime Written, long Length) Stamp()
    {
        var info = new FileInfo(path);
        return info.Exists ? (true, info.LastWriteTimeUtc, info.Length) : default;
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
