using System.Globalization;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Data;
using AkkaMail.Server.Description;
using AkkaMail.Server.Http;
using AkkaMail.Server.Lists;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Suppression;
using CsvHelper;
using CsvHelper.Configuration;

namespace AkkaMail.Server.Api.Suppression;

/// <summary>
/// <c>POST /v1/suppressions/import</c> takes a list as CSV, however long, and answers at once; <c>GET
/// …/imports/{id}</c> tells how far it is; <c>GET /v1/suppressions/export</c> gives all of them as CSV.
/// </summary>
internal static class SuppressionLists
{
    public const string Columns = "address,domain,scope,stream,origin,reason,note,at,expires_at";

    public static void MapSuppressionLists(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/suppressions/import", Import).Needs(Scopes.Manage).WithName("ImportSuppressions")
            .WithSummary("Take a list as CSV")
            .WithDescription("The first line names the columns: address or email, domain, scope, stream, note, expires_at, "
                + "or as other products call them; others are skipped, and a list of addresses needs no such line. Between "
                + "cells are commas, semicolons, tabs or bars. The file is taken in before the "
                + "answer, and its entries are made after it: look at the import for how far it is.")
            .Accepts<string>("text/csv", "*/*").Produces<ImportResponse>(202).Refuses(413, 422)
            .WithMetadata(new AnswersHeader(202, "Location", "The import: its path."));
        app.MapGet("/v1/suppressions/imports/{id}", Progress).Needs(Scopes.Manage).WithName("GetSuppressionImport")
            .WithSummary("How far an import is").Produces<ImportResponse>().Refuses(404);
        app.MapGet("/v1/suppressions/export", Export).Needs(Scopes.Read).WithName("ExportSuppressions")
            .WithSummary("All entries in force as CSV").WithDescription($"Columns: {Columns}.")
            .Produces<string>(200, "text/csv").Refuses();
    }

    private static async Task<IResult> Import(
        HttpRequest http, Caller caller, SuppressionImports imports, DataDirectory data, CancellationToken cancel)
    {
        var file = data.TemporaryFile();
        var begun = false;
        try
        {
            long bytes = 0;
            await using (var to = File.Create(file))
            {
                var buffer = new byte[81_920];
                for (int read; (read = await http.Body.ReadAtLeastAsync(buffer, buffer.Length, false, cancel)) > 0;)
                {
                    if (bytes == 0 && ListForm.NoList(buffer.AsSpan(0, Math.Min(read, ListForm.HeadMax))) is { } problem)
                        return Problem.Field("$", problem);
                    if ((bytes += read) > SuppressionImports.BytesMax)
                        return Problem.Of(RefusalCode.TooLarge, "The list is too large", $"It may have {SuppressionImports.BytesMax} bytes.");
                    await to.WriteAsync(buffer.AsMemory(0, read), cancel);
                }
            }
            if (bytes == 0) return Problem.Field("$", "is empty: the body is the list");
            if (await imports.Begin(file, caller, cancel) is not { } import)
                return Problem.Unavailable("Other imports are under way: try again when they are done.", retryAfter: 30);
            begun = true;
            http.HttpContext.Response.Headers.Location = $"/v1/suppressions/imports/{import.Id}";
            return Answers.Json(import, SuppressionAnswers.Default.ImportResponse, statusCode: 202);
        }
        finally
        {
            if (!begun) File.Delete(file);
        }
    }

    /// <param name="id">The id of an import.</param>
    private static async Task<IResult> Progress(
        string id, Caller caller, SuppressionImports imports, CancellationToken cancel) =>
        await imports.Find(id, caller, cancel) is { } import ? Answers.Json(import, SuppressionAnswers.Default.ImportResponse)
            : Problem.Of(RefusalCode.NotFound, "There is no such import", "It is known for a week.");

    private static async Task Export(
        HttpContext http, Caller caller, SuppressionStore store, TimeProvider time, CancellationToken cancel)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=suppressions.csv";
        await using var to = new StreamWriter(http.Response.Body);
        await using var csv = new CsvWriter(to, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            NewLine = "\n",
            // A local part may begin with =, and a spreadsheet would take it for a formula.
            InjectionOptions = InjectionOptions.Escape,
        }, leaveOpen: true);
        foreach (var column in Columns.Split(',')) csv.WriteField(column);
        await csv.NextRecordAsync();
        var query = new SuppressionQuery { Tenant = caller.Tenant, InForceAt = time.GetUtcNow() };
        for (long? before = null; ;)
        {
            var page = await store.List(query, before, SuppressionStore.BatchMax, cancel);
            if (page.IsEmpty) return;
            foreach (var e in page.Select(SuppressionResponse.Of))
            {
                foreach (var cell in (string?[])[e.Address, e.Domain, e.Scope, e.Stream, e.Origin, e.Reason, e.Note,
                    Time(e.At), Time(e.ExpiresAt)])
                    csv.WriteField(cell);
                await csv.NextRecordAsync();
            }
            await csv.FlushAsync();
            await to.FlushAsync(cancel);
            before = page[^1].Id;
        }
    }

    private static string? Time(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
