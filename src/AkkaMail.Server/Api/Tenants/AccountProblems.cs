using AkkaMail.Core.Tenants;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Tenants;

internal static class AccountProblems
{
    public static Problem Of(AccountRefusal why) => Problem.Of(AccountParts.Refused(why));
}
