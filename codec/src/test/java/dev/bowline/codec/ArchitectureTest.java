package dev.bowline.codec;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.URI;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the module system can't say: the codec does no I/O, has no thread, no clock and no random source. */
@Tag("once")
final class ArchitectureTest {
    private static final JavaClasses CODEC = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.bowline.codec");

    @Test
    void isImported() {
        assertThat(CODEC.contain(WebSocketProtocol.class)).isTrue();
        assertThat(CODEC.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    @DisplayName("no I/O; a URI is data")
    void doesNoInputOrOutput() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("java.io")
                        .or(resideInAPackage("java.net..").and(not(type(URI.class))))
                        .or(resideInAPackage("java.nio.channels.."))
                        .or(resideInAPackage("java.nio.file.."))
                        .or(resideInAPackage("javax.net..")))
                .check(CODEC);
    }

    @Test
    void hasNoThread() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executor.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent..")
                .check(CODEC);
    }

    @Test
    void hasNoClock() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Instant")
                .check(CODEC);
    }

    @Test
    void hasNoRandomSource() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(SplittableRandom|Random|UUID)")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.random..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.SecureRandom")
                .orShould()
                .callMethod(Math.class, "random")
                .check(CODEC);
    }

    @Test
    @DisplayName("frames know nothing of the opening handshake")
    void framesDoNotDependOnTheHandshake() {
        noClasses()
                .that()
                .resideInAPackage("dev.bowline.codec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.bowline.codec.handshake..")
                .check(CODEC);
    }
}
