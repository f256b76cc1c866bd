using System.Reflection;
using System.Runtime.CompilerServices;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Tests.Architecture;

/// <summary>
/// What the code says of its enums is looked up in what was compiled: the text of a call does not tell what it is
/// called on.
/// </summary>
public sealed class WordsTests
{
    private static readonly Assembly[] Ours =
    [
        .. new[] { "Core", "Engine", "Smtp", "Storage", "Server" }.Select(p => Assembly.Load($"AkkaMail.{p}")),
    ];

    [Fact]
    public void A_value_that_is_spoken_has_a_word_and_each_of_its_enum_another()
    {
        var spoken = Calls().Where(c => c.Called.DeclaringType == typeof(Words))
            .SelectMany(c => c.Called.GetGenericArguments()).Where(t => t.IsEnum).Distinct().ToList();
        var spelt = Ours.SelectMany(a => a.GetTypes())
            .Where(t => t.IsEnum && WordsOf(t).Any(w => w is not null));

        Assert.True(spoken.Count > 20, $"only {spoken.Count}");
        Assert.All(spoken.Union(spelt), t =>
        {
            Assert.All(WordsOf(t), word => Assert.Matches("^[A-Za-z][A-Za-z0-9_-]*$", word));
            Assert.Distinct(WordsOf(t));
        });
    }

    [Fact]
    public void A_name_in_the_code_is_nobodys_word() => Assert.Empty(Calls()
        .Where(c => c is { On: { } on, Called.Name: "ToString" } && IsEnum(on)).Select(c => c.By));

    private static IEnumerable<string?> WordsOf(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => f.GetCustomAttribute<WordAttribute>()?.Word);

    private static bool IsEnum(Type type) =>
        type.IsEnum && Ours.Contains(type.Assembly)
        || type.IsGenericParameter && type.GetGenericParameterConstraints().Contains(typeof(Enum));

    /// <param name="By">The type that stands in a file, whatever the compiler made of the method.</param>
    /// <param name="On">What a method of every object is called on, where that is a value.</param>
    private sealed record Call(string By, Type? On, MethodBase Called);

    private static IEnumerable<Call> Calls() =>
        from assembly in Ours
        from type in assembly.GetTypes()
        from method in type.GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.Instance | BindingFlags.Static).OfType<MethodBase>()
        where method.Name != "PrintMembers"   // A record as a debugger sees it.
        from call in CallsOf(method)
        select call;

    /// <summary>ECMA-335 III.2.1 (constrained), III.3.19 (call), III.4.2 (callvirt), III.3.41 (ldftn).</summary>
    private static IEnumerable<Call> CallsOf(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il) yield break;
        var by = method.DeclaringType!;
        while (by.DeclaringType is { } outer && by.IsDefined(typeof(CompilerGeneratedAttribute))) by = outer;
        for (var i = 0; i + 5 <= il.Length; i++)
        {
            var isCall = il[i] is 0x28 or 0x6F || il[i] == 0x06 && i > 0 && il[i - 1] == 0xFE;
            if (!isCall || Resolve(method, il, i + 1) is not MethodBase called) continue;
            var isConstrained = il[i] == 0x6F && i >= 6 && il[i - 6] == 0xFE && il[i - 5] == 0x16;
            yield return new(by.Name, isConstrained ? Resolve(method, il, i - 4) as Type : null, called);
        }
    }

    /// <summary>Null where the four octets are no name of anything: not every octet begins an instruction.</summary>
    private static MemberInfo? Resolve(MethodBase method, byte[] il, int at)
    {
        var type = method.DeclaringType!;
        try
        {
            return method.Module.ResolveMember(BitConverter.ToInt32(il, at),
                type.IsGenericType ? type.GetGenericArguments() : null,
                method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException or TypeLoadException)
        {
            return null;
        }
    }
}
