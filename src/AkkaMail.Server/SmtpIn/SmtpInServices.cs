namespace AkkaMail.Server.SmtpIn;

/// <summary>The SMTP door. It opens after the engine and closes before it, so no mail is taken by half.</summary>
internal static class SmtpInServices
{
    public static void AddSmtpIn(this IServiceCollection services)
    {
        services.AddSingleton<SubmissionMetrics>();
        services.AddSingleton<RelayedMails>();
        services.AddSingleton<SmtpSubmission>();
        services.AddSingleton<ReceiverMetrics>();
        services.AddHostedService<SmtpListener>();
    }
}
