package dev.bowline.websocket;

import org.junit.jupiter.api.Nested;

/** What holds for a server on plain TCP holds over TLS. */
class ServerOverTlsTest {
    @Nested
    class Send extends ServerSendTest {
        @Override
        TestServer newServer() {
            return TestServer.overTls();
        }
    }

    @Nested
    class Closing extends ServerClosingTest {
        @Override
        TestServer newServer() {
            return TestServer.overTls();
        }
    }

    @Nested
    class StaticHttp extends ServerStaticHttpTest {
        @Override
        TestServer newServer() {
            return TestServer.overTls();
        }
    }

    @Nested
    class Upgrade extends ServerUpgradeTest {
        @Override
        TestServer newServer() {
            return TestServer.overTls();
        }
    }

    @Nested
    class BackPressure extends ServerBackPressureTest {
        @Override
        TestServer newServer() {
            return TestServer.overTls();
        }
    }
}
