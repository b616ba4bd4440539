package slipway.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import slipway.json.Json;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;

/**
 * A Region full of SLOs in place of the wire: what the SDK sends is answered at the rates that AWS
 * allows, in virtual time. Nobody waits; a call that must wait its turn only moves the clock.
 * Rates: Application Signals' request quotas, and CloudWatch's.
 */
final class Region implements SdkHttpClient {
  private static final Duration LATENCY = Duration.ofMillis(40);
  private static final Pattern ID = Pattern.compile("\\.Id=([^&]+)");

  /** Calls a second. */
  private static final Map<String, Integer> RATES =
      Map.of(
          "ListServiceLevelObjectives", 5,
          "ListTagsForResource", 5,
          "BatchGetServiceLevelObjectiveBudgetReport", 10,
          "ListServices", 10,
          "GetMetricData", 50,
          "DescribeAlarms", 9,
          "ListMetrics", 25);

  private final int services;
  private final int slos;
  private final Map<String, Instant> turn = new HashMap<>();

  /** Since it was last cleared. */
  final Map<String, Integer> calls = new TreeMap<>();

  Instant now = Instant.parse("2026-08-04T01:00:00Z");

  /**
   * @param slos each of the services has as many
   */
  Region(int services, int slos) {
    this.services = services;
    this.slos = slos;
  }

  Clock clock() {
    InstantSource source = () -> now;
    return source.withZone(ZoneOffset.UTC);
  }

  <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
    return builder
        .httpClient(this)
        .region(software.amazon.awssdk.regions.Region.AP_NORTHEAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .build();
  }

  /** That many SLOs declared as they are made. */
  Map<String, Object> config() {
    var all = new TreeMap<String, Object>();
    for (int service = 0; service < services; service++) {
      var its = new ArrayList<Object>();
      for (int slo = 0; slo < slos; slo++)
        its.add(
            Map.of(
                "name",
                name(service * slos + slo),
                "operation",
                "GET /" + slo,
                "availability",
                99.9));
      all.put(
          service(service),
          Map.of("containers", Map.of("app", Map.of("build", "app", "port", 8080)), "slos", its));
    }
    return Map.of(
        "stack",
        "slipway",
        "repository",
        "example/dice",
        "budgets",
        Map.of("slos", services * slos, "slosPerService", slos),
        "services",
        all);
  }

  private static String service(int service) {
    return "service-%04d".formatted(service);
  }

  private String name(int slo) {
    return "%s availability of operation number %05d".formatted(service(slo / slos), slo);
  }

  private String arn(int slo) {
    return "arn:aws:application-signals:ap-northeast-1:123456789012:slo/" + name(slo);
  }

  private Map<String, String> subject(int service) {
    return Map.of("Type", "Service", "Name", service(service), "Environment", "production");
  }

  private String answer(String method, String path, String query, String body) {
    return switch (method + " " + path) {
      case "POST /slos" -> list(query);
      case "GET /tags" -> tags(query);
      case "POST /budget-report" -> budgets(body);
      case "GET /services" -> services();
      case "POST ", "POST /" -> cloudWatch(body);
      default -> throw new IllegalStateException(method + " " + path + " is not played");
    };
  }

  private String list(String query) {
    took("ListServiceLevelObjectives");
    int from =
        query.contains("NextToken=")
            ? Integer.parseInt(query.replaceAll(".*NextToken=(\\d+).*", "$1"))
            : 0;
    int to = Math.min(from + 50, services * slos);
    var answer = new HashMap<String, Object>();
    answer.put(
        "SloSummaries",
        IntStream.range(from, to)
            .mapToObj(
                slo ->
                    Map.of(
                        "Arn", arn(slo),
                        "Name", name(slo),
                        "KeyAttributes", subject(slo / slos),
                        "OperationName", "GET /" + slo % slos,
                        "CreatedTime", 1785800000))
            .toList());
    if (to < services * slos) answer.put("NextToken", String.valueOf(to));
    return Json.write(answer);
  }

  private String tags(String query) {
    took("ListTagsForResource");
    var arn = URLDecoder.decode(query.replaceAll(".*ResourceArn=([^&]*).*", "$1"), UTF_8);
    var service = arn.replaceAll(".*/(service-\\d+) .*", "$1");
    return Json.write(
        Map.of(
            "Tags",
            List.of(
                Map.of("Key", "slipway:stack", "Value", "slipway"),
                Map.of("Key", "slipway:service", "Value", service))));
  }

  private String budgets(String body) {
    took("BatchGetServiceLevelObjectiveBudgetReport");
    var reports = new ArrayList<Object>();
    for (var id : Json.parse(body).at("SloIds").items())
      reports.add(report(Integer.parseInt(id.text().replaceAll(".* (\\d+)$", "$1"))));
    return Json.write(
        Map.of("Timestamp", now.getEpochSecond(), "Reports", reports, "Errors", List.of()));
  }

  /** Of a hundred one is spent, two are nearly, and one has no data. */
  private Map<String, Object> report(int slo) {
    var part = slo % 100;
    var report = new HashMap<String, Object>();
    report.put("Arn", arn(slo));
    report.put("Name", name(slo));
    report.put("EvaluationType", "PeriodBased");
    report.put(
        "BudgetStatus",
        part == 7 ? "BREACHED" : part < 2 ? "WARNING" : part == 50 ? "INSUFFICIENT_DATA" : "OK");
    report.put("Attainment", 99.95);
    report.put("TotalBudgetSeconds", 604);
    report.put("BudgetSecondsRemaining", part == 7 ? -100 : part < 2 ? 100 : 500 + part);
    report.put("Goal", Map.of("AttainmentGoal", 99.9, "WarningThreshold", 50));
    report.put(
        "Sli",
        Map.of(
            "SliMetric",
            Map.of(
                "KeyAttributes",
                subject(slo / slos),
                "OperationName",
                "GET /" + slo % slos,
                "MetricType",
                "AVAILABILITY",
                "MetricDataQueries",
                List.of(
                    Map.of(
                        "Id",
                        "fault",
                        "ReturnData",
                        true,
                        "MetricStat",
                        Map.of(
                            "Metric",
                            Map.of(
                                "Namespace",
                                "ApplicationSignals",
                                "MetricName",
                                "Fault",
                                "Dimensions",
                                List.of(
                                    Map.of("Name", "Service", "Value", service(slo / slos)),
                                    Map.of("Name", "Environment", "Value", "production"))),
                            "Period",
                            60,
                            "Stat",
                            "Average")))),
            "MetricThreshold",
            99.9,
            "ComparisonOperator",
            "GreaterThanOrEqualTo"));
    return report;
  }

  private String services() {
    took("ListServices");
    return Json.write(
        Map.of(
            "StartTime",
            now.getEpochSecond(),
            "EndTime",
            now.getEpochSecond(),
            "ServiceSummaries",
            IntStream.range(0, services)
                .mapToObj(
                    service ->
                        Map.of("KeyAttributes", subject(service), "MetricReferences", List.of()))
                .toList()));
  }

  private String cloudWatch(String body) {
    var action = body.replaceAll("(?s).*\\bAction=(\\w+).*", "$1");
    took(action);
    var result =
        switch (action) {
          case "GetMetricData" ->
              ID.matcher(body)
                  .results()
                  .map(
                      id ->
                          "<member><Id>%s</Id><Label>BurnRate</Label><StatusCode>Complete</StatusCode><Values><member>0.5</member></Values></member>"
                              .formatted(id.group(1)))
                  .collect(Collectors.joining("", "<MetricDataResults>", "</MetricDataResults>"));
          case "DescribeAlarms" -> "<MetricAlarms/>";
          case "ListMetrics" ->
              IntStream.range(0, services)
                  .mapToObj(
                      service ->
                          "<member><Dimensions><member><Name>Service</Name><Value>%s</Value></member><member><Name>Environment</Name><Value>production</Value></member></Dimensions></member>"
                              .formatted(service(service)))
                  .collect(Collectors.joining("", "<Metrics>", "</Metrics>"));
          default -> throw new IllegalStateException(action + " is not played");
        };
    return "<R><%sResult>%s</%sResult></R>".formatted(action, result, action);
  }

  /** A call is answered when its turn has come. */
  private void took(String operation) {
    calls.merge(operation, 1, Integer::sum);
    var gap = Duration.ofSeconds(1).dividedBy(RATES.get(operation));
    var earliest = turn.getOrDefault(operation, now);
    var begin = earliest.isAfter(now) ? earliest : now;
    turn.put(operation, begin.plus(gap));
    now = begin.plus(LATENCY);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() {
        var http = request.httpRequest();
        var body =
            answer(
                http.method().name(),
                http.encodedPath(),
                http.encodedQueryParameters().orElse(""),
                body(request));
        return HttpExecuteResponse.builder()
            .response(SdkHttpFullResponse.builder().statusCode(200).build())
            .responseBody(
                AbortableInputStream.create(new ByteArrayInputStream(body.getBytes(UTF_8))))
            .build();
      }

      @Override
      public void abort() {
        // There is no connection.
      }
    };
  }

  private static String body(HttpExecuteRequest request) {
    if (request.contentStreamProvider().isEmpty()) return "";
    try (var stream = request.contentStreamProvider().get().newStream()) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // There is no connection.
  }
}
