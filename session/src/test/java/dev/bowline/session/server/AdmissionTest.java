package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final long NOW = 1_000_000;

    private final Admission admission = new Admission(10, 60_000);

    private void fill() {
        for (int i = 0; i < 10; i++) {
            assertThat(admission.adviceMillis(NOW)).isZero();
        }
    }

    @Test
    void letsASecondsWorthInAtOnce() {
        fill();
        assertThat(admission.adviceMillis(NOW)).isEqualTo(100);
    }

    @Test
    void tellsEachOneALaterTime() {
        fill();
        for (int i = 1; i <= 30; i++) {
            assertThat(admission.adviceMillis(NOW)).isEqualTo(100L * i);
        }
    }

    @Test
    void tellsNobodyToComeWhenTheSessionMayHaveExpired() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(admission.adviceMillis(NOW)).isLessThanOrEqualTo(20_000);
        }
    }

    @Test
    void keepsThePlacesOfThoseWhoAreToCome() {
        fill();
        for (int i = 0; i < 10; i++) {
            assertThat(admission.adviceMillis(NOW)).isPositive();
        }
        assertThat(admission.adviceMillis(NOW + 1_000)).isEqualTo(100);
        assertThat(admission.adviceMillis(NOW + 3_000)).isZero();
    }

    @Test
    void savesUpNoMoreThanASecond() {
        fill();
        for (int i = 0; i < 10; i++) {
            assertThat(admission.adviceMillis(NOW + 3_600_000)).isZero();
        }
        assertThat(admission.adviceMillis(NOW + 3_600_000)).isPositive();
    }
}
