using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes.Observing;

/// <summary>
/// How a receiver fills up and opens again. Who takes one message in ten of those it is sent has a rate; who takes none
/// at all is full, and to be slower helps nothing before it opens. When two fillings in a row hold the same number,
/// though one was much faster than the other, it counts by a window, whose length is the time from opening to opening.
/// Not journaled: a new life looks afresh, and what has been learnt is in the pace.
/// </summary>
internal sealed class Fullness
{
    /// <summary>
    /// So many refusals in a row, over this time. A lane that hardly sends would wait long for its next receipt because of
    /// a few.
    /// </summary>
    private const int Enough = 10, EnoughOfAWindow = 2;

    private static readonly TimeSpan EnoughTime = TimeSpan.FromSeconds(1);

    /// <summary>A receiver that opens again sooner has a rate.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    /// <summary>Of fewer nobody can say that two hold as many.</summary>
    private const int Telling = 5;

    /// <summary>How much two fillings may differ, and how much their speeds have to.</summary>
    private const double Alike = 0.15, Apart = 1.2;

    /// <summary>Receivers count by times that people would say, in seconds.</summary>
    private static readonly double[] Usual =
        [5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 600, 900, 1_800, 3_600, 7_200, 86_400];

    /// <summary>
    /// What went in from opening to full, and how fast it went; it opened after <paramref name="After"/>.
    /// </summary>
    private sealed record Filling(long Messages, double Speed, DateTimeOffset After, DateTimeOffset Opened);

    private Filling? _last;
    private DateTimeOffset _after, _opened, _objectedAt, _refusedFrom, _refusedLast;
    private double _objected;
    private long _passed, _inWindow, _window;
    private int _refused;
    private bool _isSteady;

    /// <summary>Since when nothing is taken; null: something is.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>How fast the lane went when it was refused first.</summary>
    public double Speed { get; private set; }

    /// <summary>
    /// Null: it counts by no window, or none is known. <paramref name="Speed"/> is what it refused; for
    /// <paramref name="Cost"/> it takes nothing: for so long as it took nothing, but who refuses for the longer the more often
    /// he is asked had only to be left alone for half of that.
    /// </summary>
    public sealed record Opening(CountWindow? Window, double Speed, TimeSpan Cost, TimeSpan WasOpen);

    /// <summary>When the window that runs by now began, as far as its opening was seen.</summary>
    public DateTimeOffset BeganAt(CountWindow window, DateTimeOffset now) =>
        now - TimeSpan.FromTicks((now - _opened).Ticks % window.Period.Ticks);

    /// <summary>
    /// Takes what was answered, and how fast the lane went; gives the opening, when this was one.
    /// </summary>
    public Opening? Add(OutcomeCounts counts, double speed, Pace pace, DateTimeOffset now)
    {
        var (taken, objections) = (Taken(counts), Adaptation.Objections(counts));
        if (now < _opened || now < _refusedLast) Forget();   // A clock that was set back tells no times.
        if (Since is null && pace.Rule == WindowPace.FullRule) Resume(pace);
        if (pace.Window is { } known && Since is null) Count(known, now);
        if (taken == 0)
        {
            if (objections > 0) Refuse(objections, speed, pace, now);
            return null;
        }
        if (_opened == default) (_after, _opened) = (now, now);
        if (objections > 0 && Since is null) (_objected, _objectedAt) = (speed, now);
        var opening = Since is { } since ? Open(since, pace.Window, now) : null;
        (_passed, _inWindow, _refused) = (_passed + taken, _inWindow + taken, 0);
        return opening;
    }

    /// <summary>Who says of a recipient what there is to say takes mail, whether this one is delivered or not.</summary>
    internal static int Taken(OutcomeCounts counts) => counts[ReplyClass.Accepted] + counts[ReplyClass.UnknownUser]
        + counts[ReplyClass.MailboxFull] + counts[ReplyClass.Content] + counts[ReplyClass.Greylisted]
        + counts[ReplyClass.OtherPermanent];

    private void Forget()
    {
        (_last, Since) = (null, null);
        _after = _opened = _objectedAt = _refusedFrom = _refusedLast = default;
        (_passed, _inWindow, _window, _refused) = (0, 0, 0, 0);
    }

    /// <summary>It was full in the life before.</summary>
    private void Resume(Pace pace)
    {
        (Since, Speed) = (pace.ChangedAt, pace.Ceiling ?? 0);
        _refusedFrom = _refusedLast = pace.ChangedAt;
        if (_opened == default) (_after, _opened) = (pace.ChangedAt, pace.ChangedAt);
    }

    private void Count(CountWindow known, DateTimeOffset now)
    {
        var window = (now - _opened).Ticks / known.Period.Ticks;
        if (window != _window) (_window, _inWindow) = (window, 0);
    }

    private void Refuse(int objections, double speed, Pace pace, DateTimeOffset now)
    {
        // It may have been slowed down meanwhile.
        var first = now - _objectedAt < Least ? Math.Max(speed, _objected) : speed;
        if (_refused == 0) (_refusedFrom, Speed) = (now, Since is null ? first : Speed);
        _refused += objections;
        _refusedLast = now;
        var isEnough = pace.Window is not null ? _refused >= EnoughOfAWindow
            : _refused >= Enough && now - _refusedFrom >= EnoughTime;
        if (Since is not null || !isEnough) return;
        Since = _refusedFrom;
        _isSteady = pace.Window is { } known && pace.Probes == 0 && now - pace.ChangedAt > known.Period;
    }

    private Opening Open(DateTimeOffset since, CountWindow? known, DateTimeOffset now)
    {
        var filling = new Filling(_passed, Speed, _after, _opened);
        var window = known is not null ? StillHolds(known, since)
            : now - since >= Least && _last is { } last && IsAlike(last, filling)
                // It opened between the last refusal and the first message that was taken.
                ? new CountWindow((int)Math.Min(last.Messages, filling.Messages),
                    Period(_refusedLast - filling.Opened, now - filling.After), 2)
                : null;
        var opening = new Opening(window, Speed, Shorter(now - since, 2 * (now - _refusedLast)), since - _opened);
        (_last, _after, _opened, _passed, Since) = (filling, _refusedLast, now, 0, null);
        (_window, _inWindow) = (0, 0);
        return opening;
    }

    /// <summary>
    /// A look beyond what it holds changes nothing of it. That it is full by what it was known to hold means that it
    /// holds less by now.
    /// </summary>
    private CountWindow? StillHolds(CountWindow known, DateTimeOffset since) =>
        !_isSteady ? known
        : (since - BeganAt(known, since)) / known.Period > 0.8
            ? known with { Messages = Math.Max(1, (int)(known.Messages * 0.95)) }
        : _inWindow * 10 > known.Messages && _inWindow >= Telling ? known with { Messages = (int)_inWindow }
        : null;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static bool IsAlike(Filling a, Filling b) =>
        Math.Min(a.Messages, b.Messages) >= Telling && Math.Max(a.Messages, b.Messages) < int.MaxValue
        && Math.Abs(a.Messages - b.Messages) <= Alike * Math.Max(a.Messages, b.Messages)
        && Math.Max(a.Speed, b.Speed) >= Apart * Math.Min(a.Speed, b.Speed);

    private static TimeSpan Period(TimeSpan least, TimeSpan most)
    {
        for (var i = Usual.Length - 1; i >= 0; i--)
            if (Usual[i] >= least.TotalSeconds && Usual[i] <= most.TotalSeconds) return TimeSpan.FromSeconds(Usual[i]);
        return most;
    }
}
