package slipway.local.signals;

import slipway.local.cloud.Shape.Entries;
import slipway.local.cloud.Shape.Flag;
import slipway.local.cloud.Shape.Items;
import slipway.local.cloud.Shape.OneOf;
import slipway.local.cloud.Shape.Real;
import slipway.local.cloud.Shape.Struct;
import slipway.local.cloud.Shape.Text;
import slipway.local.cloud.Shape.Time;
import slipway.local.cloud.Shape.Whole;

/**
 * The shapes of Application Signals' requests. Source: service model {@code application-signals}
 * 2024-04-15.
 */
final class Model {
  private Model() {}

  private static final Text ATTRIBUTE = new Text(1, 1024, "[ -~]*[!-~]+[ -~]*");
  static final Entries ATTRIBUTES = new Entries(new Text(1, 50, "[a-zA-Z]{1,50}"), ATTRIBUTE, 1, 4);
  static final Text OPERATION = new Text(1, 255);
  static final Text NEXT = new Text(1, 4096);
  static final Text ID =
      new Text(
          1,
          2048,
          "[0-9A-Za-z][-._0-9A-Za-z"
              + " ]{0,126}[0-9A-Za-z]|arn:(aws|aws-us-gov):application-signals:[^:]*:[^:]*:slo/[0-9A-Za-z][-._0-9A-Za-z"
              + " ]{0,126}[0-9A-Za-z]");
  private static final Text NAME = new Text(2, 128, "[0-9A-Za-z][-._0-9A-Za-z ]{0,126}[0-9A-Za-z]");
  private static final Text DESCRIPTION = new Text(1, 1024);
  private static final OneOf UNIT = new OneOf("MINUTE", "HOUR", "DAY", "MONTH");
  private static final OneOf METRIC = new OneOf("LATENCY", "AVAILABILITY");
  private static final OneOf COMPARISON =
      new OneOf("GreaterThanOrEqualTo", "GreaterThan", "LessThan", "LessThanOrEqualTo");
  private static final Whole POSITIVE = new Whole(1, Integer.MAX_VALUE);

  static final Items TAGS =
      new Items(
          Struct.empty().needs("Key", new Text(1, 128)).needs("Value", new Text(0, 256)), 0, 200);

  private static final Struct GOAL =
      Struct.empty()
          .takes(
              "Interval",
              Struct.empty()
                  .takes(
                      "RollingInterval",
                      Struct.empty().needs("DurationUnit", UNIT).needs("Duration", POSITIVE))
                  .takes(
                      "CalendarInterval",
                      Struct.empty()
                          .needs("StartTime", new Time())
                          .needs("DurationUnit", UNIT)
                          .needs("Duration", POSITIVE))
                  .oneOnly())
          .takes("AttainmentGoal", new Real())
          .takes("WarningThreshold", new Real());

  private static final Items QUERIES =
      new Items(
          Struct.empty()
              .needs("Id", new Text(1, 255))
              .takes(
                  "MetricStat",
                  Struct.empty()
                      .needs(
                          "Metric",
                          Struct.empty()
                              .takes("Namespace", new Text(1, 255, ".*[^:].*"))
                              .takes("MetricName", new Text(1, 255))
                              .takes(
                                  "Dimensions",
                                  new Items(
                                      Struct.empty()
                                          .needs("Name", new Text(1, 255))
                                          .needs("Value", new Text(1, 1024)),
                                      0,
                                      30)))
                      .needs("Period", POSITIVE)
                      .needs("Stat", new Text(1, 255))
                      .takes(
                          "Unit",
                          new OneOf(
                              "Microseconds",
                              "Milliseconds",
                              "Seconds",
                              "Bytes",
                              "Kilobytes",
                              "Megabytes",
                              "Gigabytes",
                              "Terabytes",
                              "Bits",
                              "Kilobits",
                              "Megabits",
                              "Gigabits",
                              "Terabits",
                              "Percent",
                              "Count",
                              "Bytes/Second",
                              "Kilobytes/Second",
                              "Megabytes/Second",
                              "Gigabytes/Second",
                              "Terabytes/Second",
                              "Bits/Second",
                              "Kilobits/Second",
                              "Megabits/Second",
                              "Gigabits/Second",
                              "Terabits/Second",
                              "Count/Second",
                              "None")))
              .takes("Expression", new Text(1, 2048))
              .takes("Label", new Text(0, 1024))
              .takes("ReturnData", new Flag())
              .takes("Period", POSITIVE)
              .takes("AccountId", new Text(1, 255)),
          0,
          500);

  private static final Struct DEPENDENCY =
      Struct.empty()
          .needs("DependencyKeyAttributes", ATTRIBUTES)
          .needs("DependencyOperationName", new Text(1, 255));
  private static final Struct SOURCE =
      Struct.empty()
          .needs("MetricSourceKeyAttributes", ATTRIBUTES)
          .takes("MetricSourceAttributes", ATTRIBUTES);
  private static final Struct COMPOSITE =
      Struct.empty()
          .needs(
              "SelectionConfig",
              Struct.empty()
                  .needs("Type", new OneOf("EXPLICIT", "PREFIX", "REGEX"))
                  .takes("Pattern", new Text(1, 2048, ".+")))
          .takes(
              "Components",
              new Items(Struct.empty().takes("OperationName", OPERATION).oneOnly(), 2, 20));

  private static Struct metric() {
    return Struct.empty()
        .takes("KeyAttributes", ATTRIBUTES)
        .takes("OperationName", OPERATION)
        .takes("MetricType", METRIC)
        .takes("MetricName", new Text(1, 255))
        .takes("DependencyConfig", DEPENDENCY)
        .takes("MetricSource", SOURCE)
        .takes("CompositeSliConfig", COMPOSITE);
  }

  private static final Struct PERIOD_BASED =
      Struct.empty()
          .needs(
              "SliMetricConfig",
              metric()
                  .takes("Statistic", new Text(1, 20, "[a-zA-Z0-9.]+"))
                  .takes("PeriodSeconds", new Whole(60, 900))
                  .takes("MetricDataQueries", QUERIES))
          .takes("MetricThreshold", new Real())
          .takes("ComparisonOperator", COMPARISON);

  private static final Struct REQUEST_BASED =
      Struct.empty()
          .needs(
              "RequestBasedSliMetricConfig",
              metric()
                  .takes("TotalRequestCountMetric", QUERIES)
                  .takes(
                      "MonitoredRequestCountMetric",
                      Struct.empty()
                          .takes("GoodCountMetric", QUERIES)
                          .takes("BadCountMetric", QUERIES)
                          .oneOnly()))
          .takes("MetricThreshold", new Real())
          .takes("ComparisonOperator", COMPARISON);

  private static Struct objective(Struct start) {
    return start
        .takes("Description", DESCRIPTION)
        .takes("SliConfig", PERIOD_BASED)
        .takes("RequestBasedSliConfig", REQUEST_BASED)
        .takes("Goal", GOAL)
        .takes(
            "BurnRateConfigurations",
            new Items(Struct.empty().needs("LookBackWindowMinutes", new Whole(1, 10080)), 0, 10))
        .takes("AutoInvestigationEnabled", new Flag());
  }

  static final Struct CREATE =
      objective(Struct.empty().needs("Name", NAME))
          .takes("Tags", TAGS)
          .takes("CreateRecommendedSlo", new Flag());
  static final Struct UPDATE = objective(Struct.empty().needs("Id", ID));
  static final Struct BY_ID = Struct.empty().needs("Id", ID);
  static final Struct LIST =
      Struct.empty()
          .takes("KeyAttributes", ATTRIBUTES)
          .takes("DependencyConfig", DEPENDENCY)
          .takes("MetricSource", SOURCE)
          .takes(
              "MetricSourceTypes",
              new Items(
                  new OneOf(
                      "ServiceOperation",
                      "CloudWatchMetric",
                      "ServiceDependency",
                      "AppMonitor",
                      "Canary",
                      "Service"),
                  1,
                  3))
          .takes("OperationName", OPERATION)
          .takes("MaxResults", new Whole(1, 50))
          .takes("NextToken", NEXT)
          .takes("IncludeLinkedAccounts", new Flag())
          .takes("SloOwnerAwsAccountId", new Text(12, 12, "[0-9]{12}"));
  static final Struct REPORTS =
      Struct.empty().needs("Timestamp", new Time()).needs("SloIds", new Items(ID, 1, 50));

  private static final Items WINDOWS =
      new Items(
          Struct.empty()
              .needs(
                  "Window", Struct.empty().needs("DurationUnit", UNIT).needs("Duration", POSITIVE))
              .takes("StartTime", new Time())
              .takes("RecurrenceRule", Struct.empty().needs("Expression", new Text(1, 1024)))
              .takes("Reason", new Text(1, 1024)),
          0,
          10);
  static final Struct UPDATE_WINDOWS =
      Struct.empty()
          .needs("SloIds", new Items(ID, 1, 50))
          .takes("AddExclusionWindows", WINDOWS)
          .takes("RemoveExclusionWindows", WINDOWS);
  static final Struct WINDOWS_OF =
      Struct.empty().needs("Id", ID).takes("MaxResults", new Whole(1, 10)).takes("NextToken", NEXT);

  private static Struct range() {
    return Struct.empty().needs("StartTime", new Time()).needs("EndTime", new Time());
  }

  static final Struct SERVICES =
      range()
          .takes("MaxResults", new Whole(1, 100))
          .takes("NextToken", NEXT)
          .takes("IncludeLinkedAccounts", new Flag())
          .takes("AwsAccountId", new Text(12, 12, "[0-9]{12}"));
  static final Struct SERVICE = range().needs("KeyAttributes", ATTRIBUTES);
  static final Struct OPERATIONS =
      range()
          .needs("KeyAttributes", ATTRIBUTES)
          .takes("MaxResults", new Whole(1, 100))
          .takes("NextToken", NEXT);
  private static final Text ARN = new Text(1, 1024);
  static final Struct TAG = Struct.empty().needs("ResourceArn", ARN).needs("Tags", TAGS);
  static final Struct UNTAG =
      Struct.empty()
          .needs("ResourceArn", ARN)
          .needs("TagKeys", new Items(new Text(1, 128), 0, 200));
  static final Struct TAGS_OF = Struct.empty().needs("ResourceArn", ARN);
}
