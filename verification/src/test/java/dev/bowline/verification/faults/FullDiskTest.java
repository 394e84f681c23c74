package dev.bowline.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.support.LineProcess;
import dev.bowline.verification.support.Requirements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The program {@code bowline serve} logs to a disk that is full: nobody who is connected notices. */
class FullDiskTest {
    /** A device that says of every write that there is no space left. */
    private static final Path FULL = Path.of("/dev/full");

    private static final Pattern PORT = Pattern.compile("ws://[^ ]*:(\\d+)/");

    private final Recorder<String> output = new Recorder<>();

    @Test
    void theProgramServesOn() throws InterruptedException {
        if (!Files.exists(FULL)) {
            throw Requirements.missing("there is no " + FULL);
        }
        try (LineProcess program = LineProcess.javaBy(
                "exec \"$@\" 2>" + FULL, output::record, List.of(), "dev.bowline.cli.Main", "serve", "--port", "0")) {
            Matcher ready = PORT.matcher(output.take(Starved.PATIENCE));
            assertThat(ready.find()).isTrue();
            int port = Integer.parseInt(ready.group(1));
            RawPeer first = open(port);
            for (int i = 0; i < 20; i++) { // each is worth two lines of the log
                RawPeer peer = open(port);
                Starved.echo(peer, "hello " + i);
                peer.write(Starved.masked(RawFrame.close(1000, "")));
                peer.expectFrame(RawFrame.close(1000, ""));
                peer.close();
            }
            Starved.echo(first, "still here");
            first.close();
            program.process().destroy();
            assertThat(program.process().waitFor(Starved.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private static RawPeer open(int port) {
        RawPeer peer = RawPeer.connect(port).deadline(Starved.PATIENCE);
        peer.handshakeAsClient("/");
        peer.readFrame(); // the greeting
        return peer;
    }
}
