using System.Text;
using AkkaMail.Server.Http.Masking;

namespace AkkaMail.Server.Tests.Http.Masking;

public sealed class MaskedAnswersTests
{
    [Fact]
    public void Every_text_and_every_name_of_a_JSON_is_masked_and_nothing_else_is_changed()
    {
        const string Json = """
            {"to":"ann@d1.test","n":1.50,"yes":true,"none":null,"of":{"bob@d1.test":["eve\u0040d1.test",{"a":"it's + <ü>"}]},"e":[]}
            """;

        Assert.Equal("""
            {"to":"a***@d1.test","n":1.50,"yes":true,"none":null,"of":{"b***@d1.test":["e***@d1.test",{"a":"it's + <ü>"}]},"e":[]}
            """, Encoding.UTF8.GetString(MaskedAnswers.Json(Encoding.UTF8.GetBytes(Json)).Span));
    }
}
