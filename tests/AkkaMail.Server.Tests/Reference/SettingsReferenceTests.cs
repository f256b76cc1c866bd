using System.Reflection;
using AkkaMail.Server.Options;

namespace AkkaMail.Server.Tests.Reference;

public sealed class SettingsReferenceTests
{
    [Fact]
    public void The_page_has_every_setting_as_it_is()
    {
        var sections = typeof(AkkaMailOptions).Assembly.GetTypes()
            .Select(type => (Type: type, Section: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)))
            .Where(t => t.Section is { IsLiteral: true })
            .Select(t => (t.Type, Name: (string)t.Section!.GetRawConstantValue()!))
            .OrderBy(t => t.Name, StringComparer.Ordinal);

        var text = string.Join('\n', sections.Select(s => $"## {s.Name}\n\n{Section(s.Type, s.Name)}"));

        ReferencePage.Holds("settings.md", "settings", text);
    }

    private static string Section(Type type, string section)
    {
        var source = OptionSource.Read(type);
        var defaults = Activator.CreateInstance(type)!;
        return ReferencePage.Table(["Setting", "Default", "Bounds", "Meaning"],
            type.GetProperties().Where(p => p.CanWrite)
                .Select(p => new SettingRow(p, source, defaults).Cells(section)));
    }
}
