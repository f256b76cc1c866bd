using System.Diagnostics.Metrics;
using AkkaMail.Engine.Metrics;

namespace AkkaMail.Server.SmtpIn;

/// <summary>The figures of mail that is handed in by SMTP.</summary>
internal sealed class SubmissionMetrics : IDisposable
{
    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly Counter<long> _taken, _refused;

    public SubmissionMetrics()
    {
        _taken = _meter.CreateCounter<long>("akkamail.smtp.in.submissions", "{submission}",
            "Mails handed in by SMTP and accepted");
        _refused = _meter.CreateCounter<long>("akkamail.smtp.in.submissions.refused", "{refusal}",
            "Log-ins and mails of clients refused: login, tenant, content, sender, key, quota, unavailable");
    }

    public void Taken() => _taken.Add(1);

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
