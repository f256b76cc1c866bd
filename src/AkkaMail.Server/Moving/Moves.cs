using System.Data.Common;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;

namespace AkkaMail.Server.Moving;

/// <summary>The verb <c>move</c>: what it is told, and what it tells.</summary>
internal static class Moves
{
    public static int Run(string[] arguments)
    {
        if (arguments is not ([] or ["--to", { Length: > 0 }]))
        {
            Console.Error.WriteLine("usage: AkkaMail.Server move [--to \"Host=…;Database=…;Username=…;Password=…\"]");
            return 2;
        }
        try
        {
            var reader = new SettingsReader(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            var (options, storage) = (reader.Read<AkkaMailOptions>(AkkaMailOptions.Section),
                reader.Read<StorageOptions>(StorageOptions.Section));
            if (reader.Faults.Count > 0) throw new StartException(string.Join('\n', reader.Faults));
            var to = arguments is [_, var said] ? said : storage.ConnectionText;
            if (StorageOptions.FaultOf(to) is { } fault) throw new StartException($"The connection string {fault}.");
            Move.Run(options, storage, to, Console.WriteLine);
            Console.WriteLine("Moved. Start with AkkaMail__Storage__Provider=postgres and this connection string; lists of "
                + "messages are made again from the journal at the first start.");
            return 0;
        }
        catch (Exception e) when (e is StartException or StoreException or InvalidDataException or IOException or DbException)
        {
            Console.Error.WriteLine(e is DbException ? $"The database: {e.Message}" : e.Message);
            return 1;
        }
    }
}
