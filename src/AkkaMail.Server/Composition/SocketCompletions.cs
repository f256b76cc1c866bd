namespace AkkaMail.Server.Composition;

/// <summary>
/// With <c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1</c> what follows the answer of a socket runs on the thread that
/// reads all sockets. Where stores are files that is a thread less. Where they are in a database, some of it waits for a
/// socket: for an answer that the waiting thread itself would have to read, and everybody else's with it.
/// </summary>
internal static class SocketCompletions
{
    /// <summary>Takes the variable back. .NET looks at it when the first socket is used, and never again.</summary>
    public static void ToThePool() =>
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", null);
}
