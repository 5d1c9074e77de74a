mod send_message_handler;
