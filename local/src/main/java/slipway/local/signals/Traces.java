package slipway.local.signals;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls of other services, read from client spans. ADOT writes into each span which operation it
 * was made in; the upstream agent does not, so a client span waits here for the server span above
 * it, which ends later. Thread-safe.
 */
final class Traces {
  /** Of a trace whose server span never comes, nothing is known. */
  private static final int KEPT = 5_000;

  /** Source: ADOT, for spans that no server span is above. */
  private static final String INTERNAL = "InternalOperation";

  private record Key(ServiceKey service, ByteString trace) {}

  private static final class Trace {
    final Map<ByteString, ByteString> parents = new HashMap<>();
    final Map<ByteString, String> operations = new HashMap<>();
    final List<Span> waiting = new ArrayList<>();

    Optional<String> operation(Span span) {
      for (var id = span.getParentSpanId(); id != null; id = parents.get(id)) {
        if (id.isEmpty()) return Optional.of(INTERNAL);
        var operation = operations.get(id);
        if (operation != null) return Optional.of(operation);
      }
      return Optional.empty();
    }
  }

  private final Map<Key, Trace> traces =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Trace> eldest) {
          return size() > KEPT;
        }
      };

  /** The calls of which the operation is known now. */
  synchronized List<Call> calls(ExportTraceServiceRequest batch, Names names) {
    var touched = new LinkedHashMap<Key, Trace>();
    for (var resource : batch.getResourceSpansList()) {
      var service = names.service(Attributes.map(resource.getResource().getAttributesList()));
      for (var scope : resource.getScopeSpansList())
        for (var span : scope.getSpansList()) {
          var key = new Key(service, span.getTraceId());
          var trace = traces.computeIfAbsent(key, _ -> new Trace());
          touched.put(key, trace);
          note(trace, span);
        }
    }
    var calls = new ArrayList<Call>();
    touched.forEach(
        (key, trace) ->
            trace.waiting.removeIf(
                span -> {
                  var operation = trace.operation(span);
                  operation.ifPresent(text -> calls.add(Spans.call(key.service(), text, span)));
                  return operation.isPresent();
                }));
    return calls;
  }

  private static void note(Trace trace, Span span) {
    switch (span.getKind()) {
      case SPAN_KIND_SERVER -> trace.operations.put(span.getSpanId(), Spans.operation(span));
      case SPAN_KIND_CLIENT, SPAN_KIND_PRODUCER -> {
        trace.parents.put(span.getSpanId(), span.getParentSpanId());
        trace.waiting.add(span);
      }
      default -> trace.parents.put(span.getSpanId(), span.getParentSpanId());
    }
  }
}
