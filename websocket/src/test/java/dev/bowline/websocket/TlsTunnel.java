package dev.bowline.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Plain TCP on one side, TLS by the JDK's sockets on the other: peers that know bytes alone talk to a TLS server through
 * it. What one side does, bytes, end or reset, the other one sees.
 */
final class TlsTunnel implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final SSLContext context;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    TlsTunnel(int target, SSLContext context) throws IOException {
        this.target = target;
        this.context = context;
        this.listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private static void start(Runnable run) {
        Thread thread = new Thread(run, "bowline-test-tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (true) {
            try {
                Socket plain = listening.accept();
                plain.setTcpNoDelay(true);
                sockets.add(plain);
                start(() -> connect(plain));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket plain) {
        try {
            Socket below = new Socket(InetAddress.getLoopbackAddress(), target);
            below.setTcpNoDelay(true);
            sockets.add(below);
            SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", target, true);
            secure.startHandshake();
            start(() -> pipe(plain, secure, below));
            pipe(secure, plain, below);
        } catch (IOException e) {
            reset(plain);
        }
    }

    private static void pipe(Socket from, Socket to, Socket below) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (SocketException e) {
            reset(below);
            reset(from);
            reset(to);
            return;
        } catch (IOException cutOff) {
            // an end all the same
        }
        try {
            to.shutdownOutput();
        } catch (IOException e) {
            // it is gone
        }
    }

    private static void reset(Socket socket) {
        try {
            if (!(socket instanceof SSLSocket)) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException e) {
            // it is gone
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        sockets.forEach(TlsTunnel::reset);
    }
}
