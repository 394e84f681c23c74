package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionsTest {
    @Test
    void versionsAreThoseOfArtifactsAndPackages(@TempDir Path npm) throws IOException {
        Path ws = Files.createDirectories(npm.resolve("node_modules/ws"));
        Files.writeString(ws.resolve("package.json"), "{\"name\":\"ws\",\"version\":\"8.1.0\"}");
        String classPath = String.join(
                File.pathSeparator,
                "/x/classes",
                "/x/netty-codec-http-extra-9.jar",
                "/x/netty-codec-http-4.2.18.Final.jar",
                "/x/tyrus-server-2.2.0.jar");
        assertThat(Versions.all(classPath, npm)).containsExactly("Netty 4.2.18.Final", "Tyrus 2.2.0", "ws 8.1.0");
    }
}
