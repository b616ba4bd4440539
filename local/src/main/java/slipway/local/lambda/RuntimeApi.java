package slipway.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import slipway.local.cloud.Loopback;

/**
 * Lambda's Runtime API, as the runtime interface client in each environment speaks it. One server
 * for all: an environment is told by the first part of its path. Source: Lambda developer guide,
 * "Using the Lambda runtime API", and the client for {@code restore}.
 */
final class RuntimeApi implements AutoCloseable {
  private static final byte[] ACCEPTED = "{\"status\":\"OK\"}".getBytes();
  private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Loopback server = Loopback.serve("runtime api", this::serve);

  /** A name for a new environment. */
  String nextId() {
    return String.valueOf(count.incrementAndGet());
  }

  /** Value for {@code AWS_LAMBDA_RUNTIME_API} in that environment. */
  String address(String id) {
    return server.uri().getAuthority() + "/" + id;
  }

  void add(Sandbox sandbox) {
    sandboxes.put(sandbox.id(), sandbox);
  }

  void remove(Sandbox sandbox) {
    sandboxes.remove(sandbox.id());
  }

  private void serve(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var slash = path.indexOf('/', 1);
    var sandbox = sandboxes.get(slash < 0 ? "" : path.substring(1, slash));
    if (sandbox == null) {
      Loopback.answer(exchange, 410, Map.of(), new byte[0]);
      return;
    }
    var body = exchange.getRequestBody().readAllBytes();
    var operation = path.substring(slash).replace("/2018-06-01/runtime/", "");
    try {
      switch (operation) {
        case "invocation/next" -> next(exchange, sandbox);
        case "restore/next" -> {
          sandbox.awaitRestore();
          Loopback.answer(exchange, 200, Map.of(), new byte[0]);
        }
        case "init/error", "restore/error" -> {
          sandbox.initFailed(body);
          Loopback.answer(exchange, 202, Map.of(), ACCEPTED);
        }
        default -> {
          var parts = operation.split("/");
          if (parts.length == 3 && parts[2].equals("response"))
            sandbox.done(parts[1], new Outcome.Returned(body));
          else if (parts.length == 3 && parts[2].equals("error"))
            sandbox.done(parts[1], new Outcome.Failed(body));
          else throw new IOException("local's Runtime API does not know " + path);
          Loopback.answer(exchange, 202, Map.of(), ACCEPTED);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private static void next(HttpExchange exchange, Sandbox sandbox)
      throws IOException, InterruptedException {
    var invocation = sandbox.next();
    Loopback.answer(
        exchange,
        200,
        Map.of(
            "Content-Type", "application/json",
            "Lambda-Runtime-Aws-Request-Id", invocation.requestId(),
            "Lambda-Runtime-Deadline-Ms", String.valueOf(invocation.deadline().toEpochMilli()),
            "Lambda-Runtime-Invoked-Function-Arn", invocation.arn(),
            "Lambda-Runtime-Trace-Id", invocation.trace()),
        invocation.payload());
  }

  @Override
  public void close() {
    server.close();
  }
}
