package dev.bowline.verification.faults;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import dev.bowline.verification.support.LineProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A {@link StarvedServer} for one test, and the peers that talk to it. */
final class Starved implements AfterEachCallback, AutoCloseable {
    /** For a machine with other things to do; nothing here depends on how fast it is. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int MASK = 0x5A1EC0DE;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<RawPeer> peers = new ArrayList<>();
    private final LineProcess process;
    private int port;

    /** @param shellLimit what a shell does before, such as {@code ulimit -n 64} */
    Starved(String shellLimit, String... jvmOptions) {
        process = LineProcess.javaBy(
                shellLimit + " && exec \"$@\"", said::add, List.of(jvmOptions), StarvedServer.class.getName());
    }

    /** A TCP connection. */
    RawPeer connect() {
        if (port == 0) {
            Await.until("the server says its port", PATIENCE, () -> !said.isEmpty());
            port = Integer.parseInt(said.get(0).substring("port ".length()));
        }
        RawPeer peer = RawPeer.connect(port).deadline(PATIENCE);
        peers.add(peer);
        return peer;
    }

    /** An open WebSocket. */
    RawPeer open() {
        RawPeer peer = connect();
        peer.handshakeAsClient("/");
        return peer;
    }

    static byte[] masked(RawFrame frame) {
        return frame.withMask(MASK).bytes();
    }

    /** Sends a text and waits until it is back. */
    static void echo(RawPeer peer, String text) {
        peer.write(masked(RawFrame.text(text)));
        peer.expectFrame(RawFrame.text(text));
    }

    /** How often something of this beginning was logged. */
    long logged(String beginning) {
        return said.stream().filter(line -> line.startsWith("log " + beginning)).count();
    }

    void awaitLogged(String beginning) {
        Await.until("logged: " + beginning + "; said: " + said, PATIENCE, () -> logged(beginning) > 0);
    }

    /** The processor time that it has used so far. */
    Duration processorTime() {
        return process.process().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        peers.forEach(RawPeer::close);
        process.close();
    }
}
