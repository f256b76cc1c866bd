using System.Collections.Immutable;

namespace AkkaMail.Core.Replies;

public static partial class ReplyClasses
{
    /// <summary>
    /// The first that fits decides, so the order is from what says most to what says least: many receivers end any
    /// refusal with "to protect our users from spam" or "try again later".
    /// </summary>
    private static readonly ImmutableArray<Row> Table =
    [
        // One connection, one recipient or one sender has a problem; the lane has none.
        new(ReplyClass.OtherTransient,
            @"messages? per (connection|session)", @"receiving (mail|messages|email) (at a rate|too)",
            @"\b5\.2\.12[12]\b", @"recipient.{0,30}receive limit", @"recipient thread limit",
            @"\b[45]\.1\.[78]\b", @"sender (address|domain|account)\b.{0,80}(exist|found|disabled)"),
        new(ReplyClass.TooManyConnections,
            @"too many ([a-z]+ ){0,3}(connections|sessions|processes)",
            @"(connections?|sessions?) (limit|count|number) (is |was |has been )?(exceeded|reached)",
            @"(exceed\w*|reached) .{0,40}(connections|sessions)", @"max\w* .{0,30}(connections|sessions)",
            @"concurren\w+ (smtp |tcp )?(connections?|sessions?)", @"\bOFR[0-9_]*_?104\b", @"\bMI:CCL\b"),
        new(ReplyClass.Greylisted,
            @"gr[ae]y-?list", @"\bpostgrey\b", @"first time (we|you|that)", @"not (been )?seen before"),
        new(ReplyClass.RateLimited, @"submission quota", @"\b5\.1\.90\b"),   // Exchange says 5.2.2 to the sender too.
        new(ReplyClass.MailboxFull,
            @"\b[245]\.2\.2 .{0,200}(full|storage|quota|space)", @"^(452 4|552 5)\.2\.2",
            @"(mailbox|mail box|inbox|account|recipient|user).{0,60}(is full|over ?quota|out of (storage|space))",
            @"mailbox (is )?full", @"over ?quota", @"disk quota", @"quota (is |has been )?exceeded \(mailbox",
            @"mailbox (limit|size|quota) (exceeded|exeeded|reached|limit)", @"extended quota violation"),
        new(ReplyClass.Blocked,
            @"\b[45]\.7\.25\b", @"\b5\.7\.28\b", @"\bPTR\b", @"reverse[- ]dns", @"\brdns\b", @"ip name lookup failed",
            @"cannot find your (reverse )?hostname"),
        new(ReplyClass.Content,
            @"\b[45]\.7\.(2[0-4]|26|27|29|3[0-2])\b", @"\b5\.7\.(509|515)\b", @"\bSPF\b", @"\bDKIM\b", @"\bDMARC\b",
            @"unauthenticated (mail|email|message|sender)", @"sender is unauthenticated"),
        new(ReplyClass.Content,
            @"\b[45]\.(3\.4|2\.3)\b", @"(message|mail|header)s?( length| size)?( is)?( too|s) (big|large|long)",
            @"(message|mail) size exceeds", @"(message|mail) (size|length) (limit|exceeds)", @"size limit exceeded",
            @"line (length )?limit", @"\burl\b.{0,60}(listed|blocked|reject)"),
        new(ReplyClass.RateLimited,
            @"\b4\.7\.28\b", @"\b4\.7\.65[0-9]\b", @"\b4\.7\.50[0-2]\b", @"\bTSS?0[0-9]\b", @"\bRL0000[0-9]{2}\b",
            @"\b(MI|RP|HL):(CEL|QRC|QMC|TRC|SFQ|DMC)\b", @"unusual rate", @"rate[- ]?(limit|control|exceed)",
            @"throttl", @"too many (messages|mails|e-?mails|letters|requests|recipients|smtp requests)",
            @"too (fast|quickly|frequently)", @"slow(er)?( it)? ?down", @"try again slower",
            @"(excessive|unexpected|high) volume", @"frequency (is )?limit",
            @"(sending|relay|hourly|daily|message|mail) (limit|quota)", @"limit .{0,60}(exceeded|reached)",
            @"exceeded .{0,60}(limit|quota)", @"temporarily deferred", @"server (is )?(too )?busy"),
        new(ReplyClass.Blocked,
            @"\breputation\b", @"spamhaus", @"spamcop", @"\bsorbs\b", @"barracudacentral", @"\bBRBL\b", @"uceprotect",
            @"abusix", @"\bivmSIP\b", @"\b(dns)?r?bl\b", @"dnsbl", @"(block|black|deny)[- ]?list", @"banned send",
            @"(ip|host|address|server|domain|network)\b.{0,60}\b(is|are|was|been|being) "
                + @"(listed|blocked|banned|denied|refused)",
            @"\b(is )?listed (at|in|on|by)\b", @"blocked (using|by|due to (its|the|your) ip|-)", @"\bS31[45]0\b",
            @"\b5\.7\.(511|60[6-9]|6[1-4][0-9])\b", @"client host .{0,80}(rejected|blocked)", @"\bBL2[0-9]\b",
            @"mail (sent )?from (your )?ip .{0,40}(blocked|rejected)", @"tosa@rx\.t-online\.de",
            @"\bBL0000[0-9]{2}\b", @"\bOFR[0-9_]*_?(103|105|999)\b", @"invalid ip for sending"),
        new(ReplyClass.UnknownUser,
            @"\b[45]\.1\.(1|3|6|10)\b", @"\b5\.2\.1\b", @"5\.1\.0 address rejected", @"no such id\b",
            @"no such (user|mailbox|recipient|person|account|address|local user)",
            @"(user|recipient|mailbox|address) (is )?(unknown|unrecognized)", @"undeliverable address",
            @"unknown (user|recipient|mailbox|local|account)",
            @"(user|mailbox|recipient|account|address)\b.{0,80}(does ?n[o']t exist|does not exist|not found|not exist)",
            @"(invalid|bad|nonexistent|undeliverable) (recipient|mailbox|user|destination)",
            @"(mailbox|address) (is )?unavailable", @"not (a valid|our) (mailbox|customer|user|recipient)",
            @"not listed in", @"disableduser",
            @"(mailbox|account|user)\b.{0,40}\b"
                + @"(disabled|inactive|not active|suspended|frozen|deactivated|discontinued)",
            @"recipient address rejected: (access denied|undeliverable|unverified|invalid)"),
        new(ReplyClass.Content,
            @"\bspam\b", @"\bjunk ?mail\b", @"\bvirus\b", @"malware", @"phish", @"unsolicited", @"suspicious message",
            @"(message|mail|content|body).{0,30}(content|suspicious)", @"\b[45]\.6\.[0-9]+\b", @"\b5\.7\.7\b",
            @"content (filter|reject|denied)", @"\bOFR[0-9_]*_?506\b", @"\[(CS|PR)[0-9]{2}\]", @"duplicate header",
            @"illegal attachment",
            @"(message|mail) (was |has been |is )?rejected (due to|for|by) .{0,40}(policy|policies|content)"),
    ];
}
