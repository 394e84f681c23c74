package dev.bowline.verification.bench.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection to the HTTP API, with one request on its way at a time: no more than it takes, so that what is measured is the server. For
 * one thread.
 */
final class HttpPublisher implements Publisher {
    private static final Pattern LENGTH = Pattern.compile("(?i)\\r\\nContent-Length: *(\\d+)\\r\\n");
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Socket socket;
    private final byte[] request;
    private final int messages;
    private final byte[] buffer = new byte[1 << 16];

    /** @param messages in each request: one by itself, or many in a batch */
    HttpPublisher(int port, int messages) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        this.messages = messages;
        request = messages == 1
                ? request("/v1/topics/" + ApiNodeMain.TOPIC + "/messages", "text/plain", ApiNodeMain.TEXT)
                : request("/v1/messages", "application/json", batch(messages));
    }

    private static String batch(int messages) {
        String one = "{\"topic\":\"" + ApiNodeMain.TOPIC + "\",\"text\":\"" + ApiNodeMain.TEXT + "\"}";
        return "{\"messages\":[" + (one + ",").repeat(messages - 1) + one + "]}";
    }

    private static byte[] request(String path, String contentType, String body) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ApiNodeMain.KEY
                        + "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + body.length() + END_OF_HEAD
                        + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public long publishUntil(long endNanos) throws IOException {
        long published = 0;
        while (System.nanoTime() - endNanos < 0) {
            socket.getOutputStream().write(request);
            check(answer());
            published += messages;
        }
        return published;
    }

    /** As text, the head too. */
    private String answer() throws IOException {
        InputStream in = socket.getInputStream();
        int read = 0;
        while (true) {
            int more = in.read(buffer, read, buffer.length - read);
            if (more <= 0) {
                throw new IOException("the answer ends after " + read + " bytes, or is longer than " + buffer.length);
            }
            read += more;
            String soFar = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
            int end = soFar.indexOf(END_OF_HEAD);
            Matcher length = LENGTH.matcher(soFar);
            if (end >= 0 && length.find() && read >= end + END_OF_HEAD.length() + Integer.parseInt(length.group(1))) {
                return soFar;
            }
        }
    }

    private static void check(String answer) throws IOException {
        if (!answer.startsWith("HTTP/1.1 20") || answer.contains("\"error\"")) {
            throw new IOException("refused: " + answer);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
