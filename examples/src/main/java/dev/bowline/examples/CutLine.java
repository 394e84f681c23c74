package dev.bowline.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A bad line: passes what comes on port 3001 to port 3000 and back, and hangs up on both ends, without a farewell, whenever a connection
 * has brought 1,500 bytes. {@code -Dport}, {@code -Dserver} and {@code -Dbytes} say otherwise.
 */
public final class CutLine {
    private static final int SERVER = Integer.getInteger("server", 3000);
    private static final long BYTES = Long.getLong("bytes", 1_500);

    private final Socket client;
    private final Socket server;

    private CutLine(Socket client) throws IOException {
        this.client = client;
        server = new Socket(InetAddress.getLoopbackAddress(), SERVER);
    }

    public static void main(String[] args) throws IOException {
        try (ServerSocket listener =
                new ServerSocket(Integer.getInteger("port", 3001), 50, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket client = listener.accept();
                try {
                    CutLine line = new CutLine(client);
                    new Thread(() -> line.pass(line.client, line.server, Long.MAX_VALUE)).start();
                    new Thread(() -> line.pass(line.server, line.client, BYTES)).start();
                } catch (IOException e) {
                    client.close();
                    System.out.println("no server: " + e.getMessage());
                }
            }
        }
    }

    private void pass(Socket from, Socket to, long most) {
        byte[] buffer = new byte[1_024];
        try (client;
                server) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            long left = most;
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    return;
                }
                out.write(buffer, 0, count);
                left -= count;
            }
            System.out.println("cut");
        } catch (IOException e) {
            System.out.println("over: " + e.getMessage());
        }
    }
}
