package slipway;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** How the packages of the functions may know each other. */
@AnalyzeClasses(packages = "slipway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** Handlers, with what is nested in them. They wire the rest, so they may know all of it. */
  private static final DescribedPredicate<JavaClass> FUNCTIONS =
      describe("functions", type -> outermost(type).getSimpleName().endsWith("Function"));

  @ArchTest
  static final ArchRule featuresDependOnEachOtherWithoutCycles =
      slices()
          .matching("slipway.(*)..")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(FUNCTIONS, alwaysTrue());

  @ArchTest
  static final ArchRule eventsOfAwsStopAtTheHandler =
      noClasses()
          .that(DescribedPredicate.not(FUNCTIONS))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.amazonaws.services.lambda.runtime.events..");

  @ArchTest
  static final ArchRule nobodyKnowsAHandler =
      noClasses().that(DescribedPredicate.not(FUNCTIONS)).should().dependOnClassesThat(FUNCTIONS);

  /** Values and decisions are records, enums, or the sealed interfaces above them. */
  @ArchTest
  static final ArchRule valuesAndDecisionsKnowNoSdk =
      noClasses()
          .that()
          .areRecords()
          .or()
          .areEnums()
          .or()
          .haveSimpleNameEndingWith("Decision")
          .and(DescribedPredicate.not(FUNCTIONS))
          .and()
          .resideOutsideOfPackage("slipway.aws..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule configurationAndJsonAreAtTheBottom =
      noClasses()
          .that()
          .resideInAnyPackage("slipway.config..", "slipway.json..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon.awssdk..", "com.amazonaws..");

  @ArchTest
  static final ArchRule theClockAndTheEnvironmentComeInThroughTheConstructor =
      noClasses()
          .that(DescribedPredicate.not(FUNCTIONS))
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule nothingSleeps =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", Duration.class);

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }
}
