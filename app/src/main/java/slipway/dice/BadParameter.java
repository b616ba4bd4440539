package slipway.dice;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A request parameter that cannot be used. Spring answers it as 400 {@code
 * application/problem+json} (RFC 9457) with the parameter's name as {@code field}.
 */
final class BadParameter extends ErrorResponseException {
  private static final long serialVersionUID = 1;

  /**
   * @param rule what it must be and what it was, as the rest of a sentence that starts with its
   *     name
   */
  BadParameter(String field, String rule) {
    super(HttpStatus.BAD_REQUEST, problem(field, rule), null);
  }

  private static ProblemDetail problem(String field, String rule) {
    var problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, field + " " + rule);
    problem.setProperty("field", field);
    return problem;
  }
}
