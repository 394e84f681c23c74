package dev.bowline.verification.interop;

import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** The certificate of the server, whichever implementation that is, and the authority that clients trust. */
public final class TestTls {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final TestIdentity SERVER = AUTHORITY.issue("localhost", "127.0.0.1");
    private static final SSLContext SERVER_SIDE = SERVER.context();
    private static final SSLContext CLIENT_SIDE = AUTHORITY.context();

    /** Written when first asked for. */
    private static final class PemFiles {
        static final Path DIRECTORY = directory();
        static final Path CERTIFICATE = file(SERVER.writeChain(DIRECTORY, "server"));
        static final Path KEY = file(SERVER.writeKey(DIRECTORY, "server"));
        static final Path ROOT = file(AUTHORITY.writePem(DIRECTORY));

        private static Path directory() {
            try {
                return file(Files.createTempDirectory("bowline-interop-"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path file(Path file) {
            file.toFile().deleteOnExit(); // in reverse order, so the directory goes last
            return file;
        }
    }

    private TestTls() {}

    public static SSLContext serverSide() {
        return SERVER_SIDE;
    }

    public static SSLContext clientSide() {
        return CLIENT_SIDE;
    }

    /** The names of the files, for the scripts. */
    static String json() {
        return "{\"key\":\"" + PemFiles.KEY + "\",\"cert\":\"" + PemFiles.CERTIFICATE + "\",\"ca\":\"" + PemFiles.ROOT
                + "\"}";
    }
}
