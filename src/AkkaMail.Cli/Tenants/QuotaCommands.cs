using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tenants;

/// <summary><c>akkamail tenants quota|usage</c>.</summary>
internal static class QuotaCommands
{
    private static readonly string[] Windows = ["minute", "hour", "day", "month"];

    public static Command Quota(SharedOptions shared, Terminal terminal)
    {
        var name = new Argument<string>("name");
        var limits = Windows
            .Select(w => new Option<int?>($"--{w}") { Description = $"Recipients a {w} of UTC's calendar" }).ToArray();
        var mode = new Option<string?>("--mode") { Description = "reject or schedule: what happens to mail over the quota. Default: reject" };
        var command = new Command("quota", "Set a tenant's quota; without any limit it is removed.") { name, mode };
        foreach (var limit in limits) command.Add(limit);
        command.SetAction(async (parsed, cancel) =>
        {
            var quota = new JsonObject();
            for (var i = 0; i < Windows.Length; i++)
                if (parsed.GetValue(limits[i]) is { } limit) quota[Windows[i]] = limit;
            if (parsed.GetValue(mode) is { } word)
            {
                if (quota.Count == 0)
                    throw new UsageException("A mode needs a limit: --minute, --hour, --day or --month.");
                quota["mode"] = word;
            }
            using var api = shared.Open(parsed);
            var tenant = parsed.GetRequiredValue(name);
            var answer = await api.Json(HttpMethod.Patch, $"v1/tenants/{Uri.EscapeDataString(tenant)}", cancel,
                new JsonObject { ["quota"] = quota.Count == 0 ? null : quota }.ToJsonString());
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else terminal.Line(tenant, quota.Count == 0 ? "no quota" : "quota set");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Usage(SharedOptions shared, Terminal terminal)
    {
        var name = new Argument<string>("name");
        var command = new Command("usage", "How much of its quota is used: window, used, limit, when it resets.")
            { name };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(
                HttpMethod.Get, $"v1/tenants/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/usage", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var w in answer.Json["windows"]!.AsArray())
                    terminal.Line(w.Text("window"), w.Text("used"), w.Text("limit"), w.Text("resets_at"));
            return ExitCode.Ok;
        });
        return command;
    }
}
