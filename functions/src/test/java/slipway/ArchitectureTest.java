package slipway;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import slipway.notice.Log;

/** How the packages of the functions may know each other. */
@AnalyzeClasses(packages = "slipway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** Handlers, with what is nested in them. */
  private static final DescribedPredicate<JavaClass> FUNCTIONS =
      describe("are handlers", type -> outermost(type).getName().matches("slipway\\..+Function"));

  /** What puts the parts together, and so may know all of them. */
  private static final DescribedPredicate<JavaClass> WIRING =
      FUNCTIONS.or(
          describe(
              "wire", type -> outermost(type).getName().matches("slipway\\..+(Wiring|Rehearsal)")));

  /** Lambda's own way to take a batch apart and to answer for it. */
  private static final DescribedPredicate<JavaClass> BATCHES =
      describe("are batches", type -> outermost(type).getName().matches("slipway\\..+Batch"));

  private static final DescribedPredicate<JavaClass> VALUES =
      describe(
          "are values or decisions",
          type ->
              !type.getPackageName().equals("slipway.aws")
                  && (type.isRecord()
                      || type.isEnum()
                      || type.getSimpleName().endsWith("Decision")));

  @ArchTest
  static final ArchRule featuresDependOnEachOtherWithoutCycles =
      slices()
          .matching("slipway.(*)..")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(WIRING, alwaysTrue());

  @ArchTest
  static final ArchRule eventsOfAwsStopAtTheHandler =
      noClasses()
          .that(DescribedPredicate.not(FUNCTIONS.or(BATCHES)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.amazonaws.services.lambda.runtime.events..");

  @ArchTest
  static final ArchRule nobodyKnowsAHandler =
      noClasses().that(DescribedPredicate.not(FUNCTIONS)).should().dependOnClassesThat(FUNCTIONS);

  /** Records, enums and what is named a decision; an adapter is a class. */
  @ArchTest
  static final ArchRule valuesAndDecisionsKnowNoSdk =
      noClasses()
          .that(VALUES.and(DescribedPredicate.not(WIRING)))
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
          // The log's own time is no fact that anything is decided on.
          .that(
              DescribedPredicate.not(
                  WIRING.or(describe("log", it -> it.isEquivalentTo(Log.class)))))
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

  /**
   * Every line goes through the log, which asks whom it is about: nobody prints, and nobody uses
   * Lambda's logger, which wraps a line into another one.
   */
  @ArchTest
  static final ArchRule onlyTheLogPrints =
      noClasses()
          .that(DescribedPredicate.not(describe("log", it -> it.isEquivalentTo(Log.class))))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace")
          .orShould()
          .callMethod(Context.class, "getLogger")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(LambdaLogger.class, LambdaRuntime.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "org.slf4j..");

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
