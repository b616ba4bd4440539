package slipway.local.metrics;

import slipway.local.cloud.Shape.Flag;
import slipway.local.cloud.Shape.Items;
import slipway.local.cloud.Shape.OneOf;
import slipway.local.cloud.Shape.Real;
import slipway.local.cloud.Shape.Struct;
import slipway.local.cloud.Shape.Text;
import slipway.local.cloud.Shape.Time;
import slipway.local.cloud.Shape.Whole;

/** The shapes of CloudWatch's requests. Source: service model {@code monitoring} 2010-08-01. */
final class Model {
  private Model() {}

  private static final Text NAME = new Text(1, 255);
  private static final Text NAMESPACE = new Text(1, 255, "[^:].*");
  private static final Text VALUE = new Text(1, 1024);
  private static final Text TOKEN = new Text(0, 4096);
  private static final Whole POSITIVE = new Whole(1, Integer.MAX_VALUE);
  private static final OneOf STATE = new OneOf("OK", "ALARM", "INSUFFICIENT_DATA");
  private static final OneOf UNIT =
      new OneOf(
          "Seconds",
          "Microseconds",
          "Milliseconds",
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
          "None");

  private static final Items DIMENSIONS =
      new Items(Struct.empty().needs("Name", NAME).needs("Value", VALUE), 0, 30);

  static final Struct DESCRIBE_ALARMS =
      Struct.empty()
          .takes("AlarmNames", new Items(NAME, 0, 100))
          .takes("AlarmNamePrefix", NAME)
          .takes("AlarmTypes", new Items(new OneOf("CompositeAlarm", "MetricAlarm"), 0, 2))
          .takes("StateValue", STATE)
          .takes("ActionPrefix", VALUE)
          .takes("MaxRecords", new Whole(1, 100))
          .takes("NextToken", TOKEN);

  static final Struct SET_ALARM_STATE =
      Struct.empty()
          .needs("AlarmName", NAME)
          .needs("StateValue", STATE)
          .needs("StateReason", new Text(0, 1023))
          .takes("StateReasonData", new Text(0, 4000));

  static final Struct LIST_METRICS =
      Struct.empty()
          .takes("Namespace", NAMESPACE)
          .takes("MetricName", NAME)
          .takes(
              "Dimensions",
              new Items(Struct.empty().needs("Name", NAME).takes("Value", VALUE), 0, 10))
          .takes("NextToken", TOKEN)
          .takes("RecentlyActive", new OneOf("PT3H"))
          .takes("IncludeLinkedAccounts", new Flag())
          .takes("OwningAccount", NAME);

  static final Struct GET_METRIC_DATA =
      Struct.empty()
          .needs(
              "MetricDataQueries",
              new Items(
                  Struct.empty()
                      .needs("Id", NAME)
                      .takes(
                          "MetricStat",
                          Struct.empty()
                              .needs(
                                  "Metric",
                                  Struct.empty()
                                      .takes("Namespace", NAMESPACE)
                                      .takes("MetricName", NAME)
                                      .takes("Dimensions", DIMENSIONS))
                              .needs("Period", POSITIVE)
                              .needs("Stat", NAME)
                              .takes("Unit", UNIT))
                      .takes("Expression", new Text(1, 2048))
                      .takes("Label", new Text(0, 1024))
                      .takes("ReturnData", new Flag())
                      .takes("Period", POSITIVE)
                      .takes("AccountId", NAME),
                  1,
                  500))
          .needs("StartTime", new Time())
          .needs("EndTime", new Time())
          .takes("NextToken", TOKEN)
          .takes("ScanBy", new OneOf("TimestampDescending", "TimestampAscending"))
          .takes("MaxDatapoints", POSITIVE);

  static final Struct PUT_METRIC_DATA =
      Struct.empty()
          .needs("Namespace", NAMESPACE)
          .takes(
              "MetricData",
              new Items(
                  Struct.empty()
                      .needs("MetricName", NAME)
                      .takes("Dimensions", DIMENSIONS)
                      .takes("Timestamp", new Time())
                      .takes("Value", new Real())
                      .takes(
                          "StatisticValues",
                          Struct.empty()
                              .needs("SampleCount", new Real())
                              .needs("Sum", new Real())
                              .needs("Minimum", new Real())
                              .needs("Maximum", new Real()))
                      .takes("Values", new Items(new Real(), 0, 150))
                      .takes("Counts", new Items(new Real(), 0, 150))
                      .takes("Unit", UNIT)
                      .takes("StorageResolution", POSITIVE),
                  0,
                  1000))
          .takes("StrictEntityValidation", new Flag());
}
