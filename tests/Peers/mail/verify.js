// Reads mails as npm mailauth sees them. In: a directory of NAME.eml with an optional NAME.json {ip, helo, sender}, and
// a DNS server. Out: one JSON line a mail.
'use strict';
const fs = require('fs');
const path = require('path');
const dns = require('dns');
const { authenticate } = require('mailauth');

const [directory, server] = process.argv.slice(2);
const resolver = new dns.promises.Resolver({ timeout: 2000, tries: 2 });
resolver.setServers([server]);

async function read(file) {
  const facts = path.join(directory, file.replace(/\.eml$/, '.json'));
  const options = fs.existsSync(facts) ? JSON.parse(fs.readFileSync(facts)) : {};
  const result = await authenticate(fs.readFileSync(path.join(directory, file)), {
    ip: '127.0.0.1', helo: 'me.test', sender: 'nobody@nowhere.test', mta: 'peer.test', disableBimi: true,
    resolver: (name, type) => resolver.resolve(name, type), ...options,
  });
  return {
    name: file.replace(/\.eml$/, ''),
    dkim: (result.dkim.results || []).filter(r => r.signingDomain).map(r => ({
      result: r.status.result, algorithm: r.algo, domain: r.signingDomain, selector: r.selector,
      aligned: !!r.status.aligned, comment: r.status.comment || '',
      overSigned: (r.signingHeaders && r.signingHeaders.keys || '').split(':').map(k => k.trim()),
    })),
    spf: result.spf ? result.spf.status.result : 'none',
    dmarc: result.dmarc ? result.dmarc.status.result : 'none',
    arc: result.arc ? result.arc.status.result : 'none',
    arcComment: result.arc ? String(result.arc.status.comment || '') : '',
  };
}

(async () => {
  for (const file of fs.readdirSync(directory).filter(f => f.endsWith('.eml')).sort()) {
    console.log(JSON.stringify(await read(file)));
  }
})();
