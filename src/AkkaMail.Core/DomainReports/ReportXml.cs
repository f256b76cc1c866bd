using System.Xml;

namespace AkkaMail.Core.DomainReports;

/// <summary>
/// The nodes of an XML file that anybody can have written: forward only, and bounded in the size of each, in depth,
/// attributes and names. There is no document type, since entities are how an XML of 1 KB becomes one of 3 GB, or reads
/// a file of ours.
/// </summary>
internal sealed class ReportXml : IDisposable
{
    /// <summary>A report has six levels.</summary>
    public const int DepthMax = 32;

    /// <summary>A report has none but those of namespaces.</summary>
    public const int AttributesMax = 100;

    /// <summary>Different names of elements and attributes; a report has sixty.</summary>
    public const int NamesMax = 1_000;

    private readonly ReportText _text;
    private readonly XmlReader _xml;

    public ReportXml(Stream content)
    {
        _text = ReportText.Open(content);
        _xml = XmlReader.Create(_text, new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            NameTable = new Names(),
        });
    }

    public int Depth => _xml.Depth;
    public bool IsEmptyElement => _xml.IsEmptyElement;
    public bool IsElement => _xml.NodeType == XmlNodeType.Element;
    public bool IsText => _xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA;
    public string LocalName => _xml.LocalName;
    public string Value => _xml.Value;

    public bool Read()
    {
        _text.Mark();
        if (!_xml.Read()) return false;
        if (_xml.Depth > DepthMax) throw new ReportException($"Its elements are over {DepthMax} deep.");
        if (_xml.AttributeCount > AttributesMax)
            throw new ReportException($"It has an element of over {AttributesMax} attributes.");
        return true;
    }

    public void Dispose()
    {
        _xml.Dispose();
        _text.Dispose();
    }

    private sealed class Names : NameTable
    {
        private int _count;

        public override string Add(char[] key, int start, int len) =>
            Get(key, start, len) ?? New(base.Add(key, start, len));

        public override string Add(string key) => Get(key) ?? New(base.Add(key));

        private string New(string name) =>
            ++_count > NamesMax ? throw new ReportException($"It has more than {NamesMax} names of elements.") : name;
    }
}
