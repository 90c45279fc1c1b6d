"""The shop on a free port of loopback, which it says."""
import socketserver
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


server = make_server('127.0.0.1', 0, get_wsgi_application(), Server, Quiet)
print(f'Listening on {server.server_port}', flush=True)
server.serve_forever()
