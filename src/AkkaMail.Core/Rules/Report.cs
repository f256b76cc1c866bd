using System.Collections.Immutable;

namespace AkkaMail.Core.Rules;

/// <summary>What was found in one file: the line of every path, the faults and the warnings.</summary>
internal sealed class Report(string file)
{
    private readonly List<RuleFault> _faults = [];
    private readonly List<RuleFault> _warnings = [];

    public Dictionary<string, int> Lines { get; } = [];

    /// <summary>Whether it is in the file, right or wrong.</summary>
    public bool Has(string path) => Lines.ContainsKey(path);

    public bool HasFaults => _faults.Count > 0;

    public ImmutableArray<RuleFault> Faults => [.. _faults.OrderBy(f => f.Line)];
    public ImmutableArray<RuleFault> Warnings => [.. _warnings.OrderBy(f => f.Line)];

    public void Fault(int line, string path, string message) => Add(_faults, line, path, message);

    /// <summary>At the line the path was read in.</summary>
    public void Fault(string path, string message) => Fault(Lines.GetValueOrDefault(path), path, message);

    public void Warn(string path, string message) => Add(_warnings, Lines.GetValueOrDefault(path), path, message);

    public string Origin(string path) => Lines.TryGetValue(path, out var line) ? $"{file}:{line}" : file;

    private static void Add(List<RuleFault> to, int line, string path, string message)
    {
        if (to.Count < RuleBounds.Faults) to.Add(new(line, path, message));
    }
}
