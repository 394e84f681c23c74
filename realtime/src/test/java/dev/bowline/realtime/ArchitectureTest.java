package dev.bowline.realtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the module system can't say. */
@Tag("once")
final class ArchitectureTest {
    private static final JavaClasses REALTIME = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.bowline.realtime");

    @Test
    void isImported() {
        assertThat(REALTIME.contain(Bowline.class)).isTrue();
        assertThat(REALTIME.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void dependsOnNothingButTheJdkAndBowline() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "dev.bowline.realtime..",
                        "dev.bowline.session..",
                        "dev.bowline.websocket..",
                        "dev.bowline.codec..",
                        "org.jspecify..")
                .check(REALTIME);
    }

    @Test
    @DisplayName("a client has no thread of its own, no timer but the event loop's, and no clock but its")
    void aClientLivesOnAnEventLoop() {
        noClasses()
                .that()
                .resideInAPackage("dev.bowline.realtime.internal.client..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.(Timer|concurrent\\.(Executors|ScheduledExecutorService|ThreadFactory))")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(REALTIME);
    }
}
