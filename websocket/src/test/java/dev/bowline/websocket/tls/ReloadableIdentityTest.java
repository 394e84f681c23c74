package dev.bowline.websocket.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadableIdentityTest {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final TestIdentity OLD = AUTHORITY.issue("old.example");
    private static final TestIdentity NEW = AUTHORITY.issue("new.example");

    private final Path directory;

    ReloadableIdentityTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private final CapturedLog log = CapturedLog.of(ReloadableIdentity.class);

    @AfterEach
    void close() {
        log.close();
    }

    private ReloadableIdentity load(Clock clock) throws IOException {
        write(OLD);
        return ReloadableIdentity.fromPem(chain(), key(), clock);
    }

    private ReloadableIdentity load() throws IOException {
        return load(Clock.systemUTC());
    }

    private Path chain() {
        return directory.resolve("server.pem");
    }

    private Path key() {
        return directory.resolve("server.key");
    }

    private void write(TestIdentity identity) {
        identity.writeChain(directory, "server");
        identity.writeKey(directory, "server");
    }

    @Test
    void filesThatDoNotChangeChangeNothing() throws IOException {
        ReloadableIdentity identity = load();
        TlsIdentity first = identity.current();
        assertThat(identity.reload()).isFalse();
        write(OLD); // the same again, with a new time
        assertThat(identity.reload()).isFalse();
        assertThat(identity.current()).isSameAs(first);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void newFilesAreTakenOnce() throws IOException {
        ReloadableIdentity identity = load();
        write(NEW);
        assertThat(identity.reload()).isTrue();
        assertThat(identity.current().certificate()).isEqualTo(NEW.certificate());
        assertThat(identity.reload()).isFalse();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aPairOfWhichHalfIsReplacedIsToldOnceAndTakenWhenItIsWhole() throws IOException {
        ReloadableIdentity identity = load();
        NEW.writeChain(directory, "server");
        assertThat(identity.reload()).isFalse();
        assertThat(identity.reload()).isFalse();
        assertThat(identity.current().certificate()).isEqualTo(OLD.certificate());
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARNING TLS goes on with the certificate that it has, as the private key in " + key()
                        + " does not match the certificate in " + chain());
        NEW.writeKey(directory, "server");
        assertThat(identity.reload()).isTrue();
        assertThat(identity.current().certificate()).isEqualTo(NEW.certificate());
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void eachProblemIsToldAndTheSameOneAgainWhenItComesBack() throws IOException {
        ReloadableIdentity identity = load();
        Files.delete(key());
        identity.reload();
        Files.writeString(key(), "");
        identity.reload();
        assertThat(log.lines()).hasSize(2);
        assertThat(log.lines().get(0)).endsWith(key() + " does not exist");
        assertThat(log.lines().get(1)).contains(key() + " holds no private key");
        write(OLD);
        assertThat(identity.reload()).isFalse();
        Files.delete(key());
        identity.reload();
        assertThat(log.lines()).hasSize(3);
    }

    @Test
    void anExpiredOneIsNotTaken() throws IOException {
        ReloadableIdentity identity = load();
        write(AUTHORITY.request("late.example").expired().issue());
        assertThat(identity.reload()).isFalse();
        assertThat(identity.current().certificate()).isEqualTo(OLD.certificate());
        assertThat(log.lines()).singleElement().asString().contains("(late.example) expired at ");
    }

    @Test
    void theOneInUseIsToldOnceWhenItExpires() throws IOException {
        SetClock clock = new SetClock();
        ReloadableIdentity identity = load(clock);
        clock.now = identity.current().validUntil();
        identity.reload();
        assertThat(log.lines()).isEmpty();
        clock.now = clock.now.plusMillis(1);
        identity.reload();
        identity.reload();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .isEqualTo("WARNING the TLS certificate in " + chain() + " has expired: old.example, valid until "
                        + identity.current().validUntil());
    }

    @Test
    void aKeyStoreIsReloadedToo() throws IOException {
        char[] password = TestIdentity.PASSWORD.toCharArray();
        ReloadableIdentity identity =
                ReloadableIdentity.fromKeyStore(OLD.writeKeyStore(directory, "server"), password, "identity");
        ReloadableIdentity same = ReloadableIdentity.fromKeyStore(directory.resolve("server.p12"), password.clone());
        password[0]++; // the caller may wipe it
        NEW.writeKeyStore(directory, "server");
        assertThat(identity.reload()).isTrue();
        assertThat(identity.current().certificate()).isEqualTo(NEW.certificate());
        assertThat(same.reload()).isTrue();
    }

    @Test
    void whatIsBadAtFirstIsTheCallersToKnow() {
        assertThatExceptionOfType(TlsConfigurationException.class)
                .isThrownBy(() -> ReloadableIdentity.fromPem(chain(), key()))
                .withMessage(chain() + " does not exist");
    }

    private static final class SetClock extends Clock {
        private Instant now = Instant.now();

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
