package slipway.local.signals;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests, read from server spans as the CloudWatch agent and ADOT read them. */
final class Spans {
  private Spans() {}

  static List<Request> requests(ExportTraceServiceRequest batch, Names names) {
    var requests = new ArrayList<Request>();
    for (var resource : batch.getResourceSpansList()) {
      var service = names.service(Attributes.map(resource.getResource().getAttributesList()));
      for (var scope : resource.getScopeSpansList())
        for (var span : scope.getSpansList())
          if (span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
            requests.add(request(service, span));
    }
    return requests;
  }

  private static Request request(ServiceKey service, Span span) {
    var attributes = Attributes.map(span.getAttributesList());
    return new Request(
        service,
        operation(attributes, span.getName()),
        end(span),
        millis(span),
        outcome(attributes, span.getStatus().getCode()));
  }

  /**
   * A client span as a call.
   *
   * @param operation of the service, in which it was made
   */
  static Call call(ServiceKey service, String operation, Span span) {
    var attributes = Attributes.map(span.getAttributesList());
    var remote = Remote.of(attributes);
    return new Call(
        service,
        operation,
        remote.service(),
        remote.operation(),
        end(span),
        millis(span),
        outcome(attributes, span.getStatus().getCode()));
  }

  private static Instant end(Span span) {
    var nanos = span.getEndTimeUnixNano();
    return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
  }

  private static double millis(Span span) {
    return Math.max(0, span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1e6;
  }

  /** The operation that a server span is of. */
  static String operation(Span span) {
    return operation(Attributes.map(span.getAttributesList()), span.getName());
  }

  /** Method and route; the span's name where one of them is unknown. */
  private static String operation(Map<String, Object> attributes, String spanName) {
    var method = Attributes.first(attributes, "http.request.method", "http.method");
    var route = Attributes.first(attributes, "http.route");
    if (method.isPresent() && route.isPresent()) return method.get() + " " + route.get();
    return spanName.isBlank() ? "UnknownOperation" : spanName;
  }

  private static Request.Outcome outcome(Map<String, Object> attributes, StatusCode span) {
    var status =
        Attributes.first(attributes, "http.response.status_code", "http.status_code")
            .filter(text -> text.matches("[1-5]\\d\\d"))
            .map(Integer::valueOf)
            .orElse(0);
    if (status >= 500) return Request.Outcome.FAULT;
    if (status >= 400) return Request.Outcome.ERROR;
    return span == StatusCode.STATUS_CODE_ERROR ? Request.Outcome.FAULT : Request.Outcome.OK;
  }
}
