using System.Net.Http.Headers;
using System.Text.Json;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>The server's own count of delivered messages, where the sink is somebody else's.</summary>
internal sealed class Delivered(Uri url)
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.AdminKey) },
    };

    public async Task<long> Count()
    {
        await Task.Delay(50);   // Each look costs the server a query.
        using var status = JsonDocument.Parse(await _http.GetStringAsync("/v1/status"));
        return status.RootElement.GetProperty("statuses").GetProperty("delivered").GetInt64();
    }
}
