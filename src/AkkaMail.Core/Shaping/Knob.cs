using System.Globalization;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>A limit of a lane: its name in a file, how it is read, and where <see cref="Limits"/> has it.</summary>
internal abstract class Knob(string name)
{
    public string Name => name;

    /// <summary><paramref name="into"/> with what stands there; a fault is said, and leaves it out.</summary>
    public abstract Limits Read(Fields fields, Limits into);

    /// <summary>Whether the layer says anything of it.</summary>
    public abstract bool IsSaid(Limits layer);

    public abstract Limits Over(Limits below, Limits above);

    /// <summary>As it is written in a file; null when nothing is said.</summary>
    public abstract string? Words(Limits limits);

    /// <summary>
    /// <typeparamref name="T"/> can be null: that says nothing. <paramref name="words"/> null: as it prints.
    /// </summary>
    public static Knob Of<T>(
        string name, Func<Fields, string, T> read, Func<Limits, T> get, Func<Limits, T, Limits> with,
        Func<T, string?>? words = null) => new Typed<T>(name, read, get, with, words);

    private sealed class Typed<T>(
        string name, Func<Fields, string, T> read, Func<Limits, T> get, Func<Limits, T, Limits> with,
        Func<T, string?>? words) : Knob(name)
    {
        public override Limits Read(Fields fields, Limits into) => with(into, read(fields, Name));
        public override bool IsSaid(Limits layer) => get(layer) is not null;
        public override Limits Over(Limits below, Limits above) => get(above) is { } said ? with(below, said) : below;

        public override string? Words(Limits limits) => get(limits) is not { } said ? null
            : words is not null ? words(said) : Convert.ToString(said, CultureInfo.InvariantCulture);
    }
}
