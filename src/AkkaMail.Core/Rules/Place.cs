namespace AkkaMail.Core.Rules;

/// <summary>A value at its path. What is wrong with it goes to the report, and the reading goes on.</summary>
internal sealed class Place
{
    private readonly Report _report;

    public Place(Spot spot, string path, Report report, int line)
    {
        (Spot, Path, _report, Line) = (spot, path, report, line);
        if (path.Length > 0) report.Lines[path] = line;
    }

    public Spot Spot { get; }
    public string Path { get; }
    public int Line { get; }

    public void Fault(string message) => _report.Fault(Line, Path, message);

    public void Warn(string message) => _report.Warn(Path, message);

    private Place Below(string name, Spot value, int line) =>
        new(value, Path.Length == 0 ? name : $"{Path}.{name}", _report, line);

    public Place? Member(string name)
    {
        foreach (var member in Spot.Members)
            if (member.Name == name)
                return member.Value.Kind == SpotKind.Null ? null : Below(name, member.Value, member.Line);
        return null;
    }

    /// <summary>Of an object with known properties; null when it is no object.</summary>
    public Fields? Fields() => Is(SpotKind.Object, "an object {…}") ? new(this) : null;

    /// <summary>
    /// Of an object whose properties are names, up to <paramref name="max"/>, as <paramref name="spelled"/> has them.
    /// </summary>
    public IEnumerable<(string Name, Place Place)> Entries(
        int max, Func<string, string?> problemOf, Func<string, string?>? spelled = null)
    {
        if (!Is(SpotKind.Object, "an object {…}") || TooMany(Spot.Members.Count, max)) yield break;
        foreach (var member in Spot.Members)
        {
            var problem = problemOf(member.Name);
            var name = (problem is null ? spelled?.Invoke(member.Name) : null) ?? member.Name;
            var place = Below(name, member.Value, member.Line);
            if (problem is not null) place.Fault(problem);
            else yield return (name, place);
        }
    }

    /// <summary>Of a list; their paths are <c>path[0]</c> and so on.</summary>
    public IEnumerable<Place> Items(int max)
    {
        if (!Is(SpotKind.Array, "a list […]") || TooMany(Spot.Items.Count, max)) yield break;
        for (var i = 0; i < Spot.Items.Count; i++)
            yield return new Place(Spot.Items[i], $"{Path}[{i}]", _report, Spot.Items[i].Line);
    }

    public bool Is(SpotKind kind, string needed)
    {
        if (Spot.Kind == kind) return true;
        Fault($"is {Spot.Words}, but {needed} is needed");
        return false;
    }

    /// <summary>What else it has is a typing mistake: not ignored.</summary>
    public void Unknown(IReadOnlyCollection<string> known)
    {
        foreach (var member in Spot.Members)
        {
            if (known.Contains(member.Name)) continue;
            var message = member.Name == "password"
                ? "secrets are not kept in this file: put it in an environment variable, named by password_variable"
                : $"is not known here; there is {string.Join(", ", known)}";
            _report.Fault(member.Line, Below(member.Name, member.Value, member.Line).Path, message);
        }
    }

    private bool TooMany(int count, int max)
    {
        if (count > max) Fault($"has {count} entries; {max} are allowed");
        return count > max;
    }
}
