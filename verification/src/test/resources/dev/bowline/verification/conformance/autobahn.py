# Runs the fuzzing client or the fuzzing server of the Autobahn suite 0.5.6 on Jython. Arguments: the directory with the
# suite's Python files, "client" or "server", and the file with its specification.

import _socket
import errno
import json
import sys
import types
from os.path import join

library, mode, specification = sys.argv[1:4]
suite = join(library, 'autobahntestsuite')
sys.path[:0] = [suite, library]


def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


# Of the suite only the fuzzing is wanted, without what the rest of its package imports; and there is no TLS here.
stand_in('autobahntestsuite', version='0.5.6', __path__=[suite], __file__=join(suite, '__init__.py'))
import twisted.internet
twisted.internet.ssl = stand_in('twisted.internet.ssl', ClientContextFactory=lambda: None)

# Jython closes a socket whose peer has sent FIN, and then calls it not writable, so that Twisted would wait for ever.
# Elsewhere such a socket is writable, and writing fails.


def is_gone(socket):
    return socket.channel and not socket.channel.isActive()


def send(socket, data, flags=0, plain=_socket._realsocket.send):
    if is_gone(socket):
        raise _socket.error(errno.EPIPE, 'Broken pipe')
    return plain(socket, data, flags)


def is_writable(socket, plain=_socket._realsocket._writable):
    return is_gone(socket) or plain(socket)


_socket._realsocket.send = send
_socket._realsocket._writable = is_writable

from twisted.internet import selectreactor
selectreactor.install()
from twisted.internet import reactor
from twisted.internet.task import LoopingCall
LoopingCall(lambda: None).start(0.02)  # looks at those sockets again

import fuzzing
with open(specification) as file:
    start = fuzzing.startClient if mode == 'client' else fuzzing.startServer
    start(json.load(file))
reactor.run()
