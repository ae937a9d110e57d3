package dev.escala.source.sqs;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sqs.model.UnsupportedOperationException;

/** Says in a sentence what is wrong with a queue, and what to do. */
final class SqsTrouble {

  private SqsTrouble() {}

  /** A short name of the trouble, for metrics. */
  static String code(SdkException failure) {
    String code =
        failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
            ? answer.awsErrorDetails().errorCode()
            : null;
    return code == null ? failure.getClass().getSimpleName() : code;
  }

  static String sentence(String queue, SdkException failure) {
    return sentence(
        queue,
        failure,
        "sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility and"
            + " sqs:GetQueueAttributes on the queue, and kms:Decrypt");
  }

  /** Of one who sends. */
  static String ofSending(String queue, SdkException failure) {
    return sentence(queue, failure, "sqs:SendMessage on the queue, and kms:GenerateDataKey");
  }

  /**
   * Of one who moves dead letters back.
   *
   * @param queue the dead-letter queue, or the one before it
   * @param action that failed, as rights name it
   */
  static String ofMoving(String queue, String action, SdkException failure) {
    if (isDenied(failure)) {
      return """
      %s: you may not do that. It takes %s there. To move messages takes sqs:StartMessageMoveTask, sqs:ListMessageMoveTasks, sqs:CancelMessageMoveTask, sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes on the dead-letter queue, sqs:SendMessage on the queues that get them, and kms:Decrypt and kms:GenerateDataKey where they are encrypted with a key of yours. SQS says: %s\
      """
          .formatted(queue, action, failure.getMessage());
    }
    // That of SQS, whose name hides the one of Java in this file.
    if (failure instanceof UnsupportedOperationException) {
      return """
      %s: SQS does not move these messages. It moves those of dead-letter queues that serve queues of SQS in the same account and region, and those of a FIFO queue only into FIFO queues; not every region does that for FIFO. Without it they are received there and sent by hand. SQS says: %s\
      """
          .formatted(queue, failure.getMessage());
    }
    return sentence(queue, failure, action);
  }

  /** The code is the same in all protocols of SQS, the status is not. */
  private static boolean isDenied(SdkException failure) {
    return failure instanceof AwsServiceException answer
        && (answer.statusCode() == 403 || code(failure).startsWith("AccessDenied"));
  }

  private static String sentence(String queue, SdkException failure, String rights) {
    if (failure instanceof QueueDoesNotExistException
        || failure instanceof ResourceNotFoundException) {
      return queue + " does not exist. Check the URL, its region and its account.";
    }
    if (isDenied(failure)) {
      return queue
          + " may not be used. It takes "
          + rights
          + " where it is encrypted with a key of yours. SQS says: "
          + failure.getMessage();
    }
    return queue + " does not answer: " + failure.getMessage();
  }
}
