using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>
/// A client that Kiota makes of the description compiles, sends a mail and reads its story: what the description says is
/// enough, and typed.
/// </summary>
[Collection(Relaying.Name)]
public sealed class GeneratedClient(Relaying server)
{
    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <RunAnalyzers>false</RunAnalyzers>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.Kiota.Http.HttpClientLibrary" Version="2.1.6" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Form" Version="2.1.6" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Json" Version="2.1.2" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Multipart" Version="2.1.6" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Text" Version="2.1.2" />
          </ItemGroup>
        </Project>
        """;

    private const string Program =
        """
        using Generated;
        using Generated.Models;
        using Microsoft.Kiota.Abstractions.Authentication;
        using Microsoft.Kiota.Http.HttpClientLibrary;

        // Kiota's own providers of keys refuse a server without TLS.
        var http = new HttpClient { DefaultRequestHeaders = { { "Authorization", $"Bearer {args[1]}" } } };
        var client = new AkkaMailClient(
            new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = args[0] });

        var sent = await client.V1.Messages.PostAsync(new SendRequest
        {
            From = new() { NamedAddress = new() { Email = "shop@example.com", Name = "Corner Shop" } },
            To = ["Ann Lee <ann@example.net>"],
            Subject = "Your receipt",
            Text = new() { String = "Thank you, Ann." },
        }, request => request.Headers.Add("Idempotency-Key", "order-48121"));
        var message = await client.V1.Messages[sent!.Messages![0].Id!].GetAsync();
        Console.WriteLine($"{message!.To} {message.Subject} {message.Events![0].Type} {sent.Messages[0].Status}");
        try { await client.V1.Messages["nonsense"].GetAsync(); }
        catch (Problem refused) { Console.WriteLine($"{refused.Status} {refused.Code}"); }
        """;

    [Fact]
    public async Task A_client_made_of_the_description_compiles_and_sends()
    {
        var directory = ThisBuild.NewDirectory("kiota");
        await File.WriteAllTextAsync(
            Path.Combine(directory, "v1.json"), await server.Api.Http.GetStringAsync("/openapi/v1.json"));
        await File.WriteAllTextAsync(Path.Combine(directory, "client.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(directory, "Program.cs"), Program);

        await Run(ThisBuild.Root, "kiota", "generate", "--language", "CSharp", "--openapi", $"{directory}/v1.json",
            "--output", $"{directory}/Generated", "--class-name", "AkkaMailClient", "--namespace-name", "Generated");
        await Run(directory, "build", "--nologo", "--verbosity", "quiet", "--output", "built");
        var said = await Run(
            directory, "built/client.dll", server.Installation.Server.Url.ToString().TrimEnd('/'), ServerProcess.AdminKey);

        Assert.Equal(["ann@example.net Your receipt Accepted Accepted", "404 Not_found"],
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>It sees neither this build's servers nor a newer version of the tool.</summary>
    private static async Task<string> Run(string directory, params string[] arguments)
    {
        var (code, said) = await Commands.Run("dotnet", arguments, directory,
            ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("UseSharedCompilation", "false"),
            ("KIOTA_OFFLINE_ENABLED", "true"), ("DOTNET_NOLOGO", "1"));
        Assert.True(code == 0, said);
        return said;
    }
}
