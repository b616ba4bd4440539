package slipway.local.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Place;

/**
 * A function as the template declares it.
 *
 * @param title for people: the handler's simple name, such as {@code RolloutFunction}
 * @param code the task root
 * @param opt folder that stands for {@code /opt}
 * @param variables of the template, paths below {@code /opt} rewritten
 * @param snapStart whether published versions start from a snapshot
 * @param deadLetters ARN of the target for asynchronous events that failed
 * @param logGroup where Lambda writes its logs to
 * @param json whether Lambda's own lines there, and what its logger writes, are JSON
 * @param traced whether Lambda sends traces of it
 */
record Spec(
    String name,
    String title,
    String roleArn,
    String handler,
    Path code,
    Path opt,
    Map<String, String> variables,
    Duration timeout,
    int memory,
    boolean snapStart,
    Optional<String> deadLetters,
    String logGroup,
    boolean json,
    boolean traced) {

  String arn() {
    return Place.arn("lambda", "function:" + name);
  }

  /**
   * What Lambda itself does as the function's role. Source: Lambda developer guide, "Defining
   * Lambda function permissions with an execution role" and "Visualize Lambda function invocations
   * using AWS X-Ray". CreateLogGroup is not among it where the group is there.
   */
  List<Permission> usesOfItsRole() {
    var stream = Place.arn("logs", "log-group:" + logGroup + ":log-stream:" + title);
    var uses = new ArrayList<Permission>();
    uses.add(new Permission("logs:CreateLogStream", stream));
    uses.add(new Permission("logs:PutLogEvents", stream));
    if (traced) {
      uses.add(new Permission("xray:PutTraceSegments", "*"));
      uses.add(new Permission("xray:PutTelemetryRecords", "*"));
    }
    return uses;
  }

  /** Simple class name of a handler: {@code slipway.slo.SloFunction::handleRequest}. */
  static String title(String handler) {
    var type = handler.split("::", 2)[0];
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** Names only: values may be secret. */
  @Override
  public String toString() {
    return "function " + name + " " + variables.keySet();
  }
}
