package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpBalancerTest {
    private static final int PATIENCE_MILLIS = 10_000;

    private final TcpBalancer balancer = TcpBalancer.start();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        balancer.close();
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    private ServerSocket backend() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
        opened.add(server);
        balancer.add(server.getLocalPort());
        return server;
    }

    private Socket client() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), balancer.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        opened.add(socket);
        return socket;
    }

    /** What is connected to whom. */
    private void expect(Socket client, Socket server) throws IOException {
        opened.add(server);
        server.setSoTimeout(PATIENCE_MILLIS);
        client.getOutputStream().write(7);
        assertThat(server.getInputStream().read()).isEqualTo(7);
        server.getOutputStream().write(8);
        assertThat(client.getInputStream().read()).isEqualTo(8);
    }

    @Test
    void givesEachBackendItsTurn() throws IOException {
        ServerSocket first = backend();
        ServerSocket second = backend();
        expect(client(), first.accept());
        expect(client(), second.accept());
        expect(client(), first.accept());
        assertThat(balancer.connections()).isEqualTo(3);
    }

    @Test
    void goesOnToTheNextIfOneRefuses() throws IOException {
        ServerSocket first = backend();
        ServerSocket second = backend();
        first.close();
        expect(client(), second.accept());
        expect(client(), second.accept());
    }

    @Test
    void resetsAConnectionThatNobodyTakes() throws IOException {
        ServerSocket only = backend();
        only.close();
        assertThatThrownBy(() -> client().getInputStream().read()).isInstanceOf(SocketException.class);
        Await.untilEquals("it is forgotten", balancer::connections, 0);
        ServerSocket another = backend();
        expect(client(), another.accept());
    }

    @Test
    void leavesTheConnectionsOfABackendThatIsTakenOut() throws IOException {
        ServerSocket first = backend();
        Socket client = client();
        Socket server = first.accept();
        ServerSocket second = backend();
        balancer.remove(first.getLocalPort());
        expect(client(), second.accept());
        expect(client(), second.accept());
        expect(client, server);
    }

    @Test
    void passesAnEndOnOneWay() throws IOException {
        ServerSocket only = backend();
        Socket client = client();
        Socket server = only.accept();
        expect(client, server);
        client.shutdownOutput();
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        server.getOutputStream().write(9);
        assertThat(client.getInputStream().read()).isEqualTo(9);
        server.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        Await.untilEquals("the connection is over", balancer::connections, 0);
    }

    @Test
    void hasTheSenderWaitForWhoDoesNotRead() throws Exception {
        ServerSocket only = backend();
        Socket client = client();
        Socket server = only.accept();
        opened.add(server);
        int size = 64 * 1024 * 1024; // more than any kernel's buffers and the balancer's
        Thread sender = new Thread(() -> {
            try {
                client.getOutputStream().write(new byte[size]);
                client.shutdownOutput();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        sender.start();
        sender.join(300); // it can't be seen to wait but by time
        assertThat(sender.isAlive()).isTrue();
        assertThat(server.getInputStream().readAllBytes()).hasSize(size);
        sender.join();
    }

    @Test
    void cutsAllWhenClosed() throws IOException {
        ServerSocket only = backend();
        Socket client = client();
        expect(client, only.accept());
        balancer.close();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(this::client).isInstanceOf(IOException.class);
    }
}
