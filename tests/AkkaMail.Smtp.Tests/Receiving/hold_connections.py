"""Opens connections and holds them: argv is port, count, connections a client address, first address's third octet.

A process of its own, since each end of a connection is a file, and one process may not have 20,000 of them. Prints how
many banners began with each code, holds what is open until its input ends, and closes everything at once.
"""
import collections
import resource
import socket
import sys

port, count, per_client, net = map(int, sys.argv[1:])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

sockets = []
for i in range(count):
    client = i // per_client
    s = socket.socket()
    s.bind((f"127.{net}.{client // 200}.{1 + client % 200}", 0))
    s.settimeout(30)
    s.connect(("127.0.0.1", port))
    sockets.append(s)
codes = collections.Counter(s.recv(200)[:3].decode() for s in sockets)
print(" ".join(f"{code}:{number}" for code, number in sorted(codes.items())), flush=True)
sys.stdin.read()
